# Sketches: the headers of Apache DataSketches C++ from its Python package's source.
set(datasketches_package ${CMAKE_SOURCE_DIR}/.deps/datasketches-4.1.0)
add_library(pyrite_datasketches INTERFACE)
foreach(part common hll theta tuple kll fi)
  target_include_directories(pyrite_datasketches SYSTEM INTERFACE ${datasketches_package}/${part}/include)
endforeach()

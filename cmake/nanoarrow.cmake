# Arrow's C data and IPC formats: nanoarrow and the flatcc runtime from nanoarrow's source package.
set(nanoarrow_package ${CMAKE_SOURCE_DIR}/.deps/nanoarrow-0.8.0)
set(nanoarrow_source ${nanoarrow_package}/subprojects/arrow-nanoarrow/src/nanoarrow)
file(GLOB flatcc_source ${nanoarrow_package}/subprojects/flatcc-*)
set(NANOARROW_VERSION_MAJOR 0)
set(NANOARROW_VERSION_MINOR 8)
set(NANOARROW_VERSION_PATCH 0)
set(NANOARROW_VERSION "0.8.0")
set(NANOARROW_NAMESPACE_DEFINE "#define NANOARROW_NAMESPACE Pyrite")
configure_file(${nanoarrow_source}/nanoarrow_config.h.in ${CMAKE_BINARY_DIR}/nanoarrow/nanoarrow/nanoarrow_config.h)

file(GLOB nanoarrow_files ${nanoarrow_source}/common/*.c ${nanoarrow_source}/ipc/*.c)
add_library(pyrite_nanoarrow STATIC ${nanoarrow_files}
  ${flatcc_source}/src/runtime/builder.c ${flatcc_source}/src/runtime/emitter.c
  ${flatcc_source}/src/runtime/verifier.c ${flatcc_source}/src/runtime/refmap.c)
target_include_directories(pyrite_nanoarrow SYSTEM
  PUBLIC ${nanoarrow_package}/subprojects/arrow-nanoarrow/src ${CMAKE_BINARY_DIR}/nanoarrow
  PRIVATE ${flatcc_source}/include)
target_compile_options(pyrite_nanoarrow PRIVATE -w)

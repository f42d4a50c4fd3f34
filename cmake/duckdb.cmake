# The engine underneath: DuckDB's headers from its source package, its code from the installed wheel or from source.
set(PYRITE_DUCKDB_SOURCE ${CMAKE_SOURCE_DIR}/.deps/duckdb-2.0.0/external/duckdb CACHE PATH "DuckDB's source tree")
if(NOT EXISTS ${PYRITE_DUCKDB_SOURCE}/src/include)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/tools/fetch_sources.sh ${Python_EXECUTABLE} COMMAND_ERROR_IS_FATAL ANY)
endif()
add_library(pyrite_duckdb INTERFACE)
target_include_directories(pyrite_duckdb SYSTEM INTERFACE
  ${PYRITE_DUCKDB_SOURCE}/src/include
  ${PYRITE_DUCKDB_SOURCE}/third_party/fmt/include
  ${PYRITE_DUCKDB_SOURCE}/third_party/utf8proc/include
  ${PYRITE_DUCKDB_SOURCE}/third_party/re2
  ${PYRITE_DUCKDB_SOURCE}/third_party/fast_float)

if(PYRITE_DUCKDB STREQUAL "wheel")
  execute_process(
    COMMAND ${Python_EXECUTABLE} -c "import importlib.util as u; print(u.find_spec('_duckdb').origin)"
    OUTPUT_VARIABLE duckdb_module OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  get_filename_component(duckdb_folder ${duckdb_module} DIRECTORY)
  get_filename_component(duckdb_file ${duckdb_module} NAME)
  # The file has no SONAME: it must be found by name, here in the wheel's folder, in an installed Pyrite beside it.
  set(CMAKE_INSTALL_RPATH "$ORIGIN/..")
  target_link_options(pyrite_duckdb INTERFACE -L${duckdb_folder})
  if(NOT SKBUILD)
    target_link_options(pyrite_duckdb INTERFACE "-Wl,-rpath,${duckdb_folder}")
  endif()
  target_link_libraries(pyrite_duckdb INTERFACE -l:${duckdb_file})
  # The wheel is a Python module: programs without an interpreter of their own must bring Python's symbols.
  execute_process(
    COMMAND ${Python_EXECUTABLE} -c "import sysconfig as s; print(s.get_config_var('LIBDIR') + '/' + s.get_config_var('INSTSONAME'))"
    OUTPUT_VARIABLE PYRITE_PYTHON_LIBRARY OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
elseif(PYRITE_DUCKDB STREQUAL "source")
  set(BUILD_SHELL OFF CACHE BOOL "" FORCE)
  set(BUILD_UNITTESTS OFF CACHE BOOL "" FORCE)
  set(BUILD_EXTENSIONS "parquet;json;icu;core_functions" CACHE STRING "" FORCE)
  add_subdirectory(${PYRITE_DUCKDB_SOURCE} ${CMAKE_BINARY_DIR}/duckdb EXCLUDE_FROM_ALL)
  target_link_libraries(pyrite_duckdb INTERFACE duckdb_static)
else()
  message(FATAL_ERROR "PYRITE_DUCKDB is wheel or source")
endif()

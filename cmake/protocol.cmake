# The Spark Connect protocol: C++ messages generated from the descriptors inside the client package.
set(protocol_dir ${CMAKE_BINARY_DIR}/protocol)
set(protocol_set ${protocol_dir}/spark_connect.binpb)
set(protocol_names)
foreach(name base catalog commands common expressions ml ml_common pipelines relations types)
  list(APPEND protocol_names spark/connect/${name})
endforeach()
list(APPEND protocol_names google/rpc/status google/rpc/error_details)
set(protocol_protos)
set(protocol_sources)
foreach(name ${protocol_names})
  list(APPEND protocol_protos ${name}.proto)
  list(APPEND protocol_sources ${protocol_dir}/${name}.pb.cc)
endforeach()
file(MAKE_DIRECTORY ${protocol_dir})
add_custom_command(
  OUTPUT ${protocol_sources}
  COMMAND ${Python_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/dump_protocol.py ${protocol_set}
  COMMAND protobuf::protoc --descriptor_set_in=${protocol_set} --cpp_out=${protocol_dir} ${protocol_protos}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/dump_protocol.py
  VERBATIM)
add_library(pyrite_protocol STATIC ${protocol_sources})
target_include_directories(pyrite_protocol SYSTEM PUBLIC ${protocol_dir})
target_link_libraries(pyrite_protocol PUBLIC protobuf::libprotobuf)
target_compile_options(pyrite_protocol PRIVATE -w -O1)
# Older clients still send the fields that the newest protocol calls deprecated.
target_compile_options(pyrite_protocol INTERFACE -Wno-deprecated-declarations)

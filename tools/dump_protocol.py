"""Writes the Spark Connect protocol and gRPC's error details, as installed packages describe them, as a FileDescriptorSet."""

import sys

from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2, status_pb2
from pyspark.sql.connect.proto import base_pb2


def collect(descriptor, found):
    if descriptor.name in found:
        return
    for dependency in descriptor.dependencies:
        collect(dependency, found)
    proto = descriptor_pb2.FileDescriptorProto()
    descriptor.CopyToProto(proto)
    found[descriptor.name] = proto


def main(path):
    found = {}
    for module in (base_pb2, status_pb2, error_details_pb2):
        collect(module.DESCRIPTOR, found)
    with open(path, "wb") as out:
        out.write(descriptor_pb2.FileDescriptorSet(file=list(found.values())).SerializeToString())


if __name__ == "__main__":
    main(sys.argv[1])

"""ORC files for the engine, by pyarrow: what src/bindings/python_columnar.cpp calls. Imported with the first ORC file.

Differences from the files that Spark writes, which pyarrow's writer leaves no choice about:

- A timestamp is ORC's "timestamp with local time zone" (an instant) instead of "timestamp" (a time of day in the zone of
  the writer, which pyarrow cannot set). Spark reads it as the same moment; other readers may show the other type.
- A timestamp before 1970 with a fraction of a second is refused: pyarrow writes a negative fraction, which no reader of
  Java takes.
- lzo and brotli are refused, and the version of Spark is not among the file's metadata.

Timestamps are read exactly, which pyarrow alone does not do (years outside 1677 … 2262, hours that a change of clocks
repeats): it reads their seconds as whole numbers, and the fractions are decoded here.
"""

import ctypes
import json
import os

try:
    import numpy as np
    import pyarrow as pa
    from pyarrow import orc
except ImportError as error:
    raise ImportError(f"ORC files without the Python packages pyarrow (with ORC) and numpy: {error}") from error

from pyrite import _orc_layout as layout
from pyrite import _orc_numbers as numbers
from pyrite._pyrite import zone_offset

_CATALYST_TYPE = "spark.sql.catalyst.type"
_TYPE_NAMES = {
    layout.BOOLEAN: "boolean",
    layout.BYTE: "byte",
    layout.SHORT: "short",
    layout.INT: "integer",
    layout.LONG: "long",
    layout.FLOAT: "float",
    layout.DOUBLE: "double",
    layout.STRING: "string",
    layout.BINARY: "binary",
    layout.TIMESTAMP: "timestamp",
    layout.DATE: "date",
    layout.VARCHAR: "string",
    layout.CHAR: "string",
    layout.TIMESTAMP_INSTANT: "timestamp",
}
_EPOCH = 1420070400  # ORC counts seconds from 2015
_FIRST_DAY_OF_2015 = _EPOCH
_CODECS = {"none": "uncompressed", "snappy": "snappy", "zlib": "zlib", "zstd": "zstd", "lz4": "lz4"}


def _spark_type(node):
    """The JSON of Spark's type."""
    if node.kind == layout.STRUCT:
        fields = [
            {"name": name, "type": _spark_type(child), "nullable": True, "metadata": {}}
            for name, child in zip(node.names, node.children)
        ]
        return {"type": "struct", "fields": fields}
    if node.kind == layout.LIST:
        return {"type": "array", "elementType": _spark_type(node.children[0]), "containsNull": True}
    if node.kind == layout.MAP:
        key, value = map(_spark_type, node.children)
        return {"type": "map", "keyType": key, "valueType": value, "valueContainsNull": True}
    if _CATALYST_TYPE in node.attributes:
        return node.attributes[_CATALYST_TYPE]
    if node.kind == layout.DECIMAL:
        return f"decimal({node.precision or 38},{node.scale if node.precision else 18})"
    if node.kind not in _TYPE_NAMES:
        raise NotImplementedError("the ORC type uniontype")
    return _TYPE_NAMES[node.kind]


def _is_timestamp(node):
    return node.kind in (layout.TIMESTAMP, layout.TIMESTAMP_INSTANT)


class Reader:
    """One file. schema_json: str, Spark's JSON of its columns; rows_of_pieces: rows of each stripe, list of int."""

    def __init__(self, path):
        self._path = path
        self._plain = None
        self._exact = None
        if os.path.getsize(path) == 0:
            self._layout = None
            self.schema_json = json.dumps({"type": "struct", "fields": []})
            self.rows_of_pieces = []
            return
        self._plain = orc.ORCFile(pa.OSFile(path))
        self._layout = layout.OrcLayout(path, self._plain.reader.serialized_file_tail())
        if self._layout.root is None or self._layout.root.kind != layout.STRUCT:
            raise NotImplementedError("ORC files whose rows are not structures")
        self.schema_json = json.dumps(_spark_type(self._layout.root))
        self.rows_of_pieces = self._layout.rows

    def read(self, piece, fields, array_address, schema_address):
        """Exports the fields (ascending positions) of a stripe to the C structures at the addresses."""
        root = self._layout.root
        names = [root.names[field] for field in fields]
        nodes = [root.children[field] for field in fields]
        timestamps = any(map(_is_timestamp, (part for node in nodes for part in node.walk())))
        batch = self._file(timestamps).reader.read_stripe(piece, names)
        if batch.schema.names != names:  # names that only differ by what ORC makes of their dots
            batch = self._file(timestamps).reader.read_stripe(piece)
            batch = pa.RecordBatch.from_arrays([batch.column(field) for field in fields], names=names)
        if timestamps:
            for node, array in zip(nodes, batch.columns):
                self._make_moments(piece, node, array)
        batch._export_to_c(array_address, schema_address)

    def old_calendar_zone(self, piece):
        """See ColumnarReader::old_calendar_zone."""
        if self._layout.is_proleptic:
            return "-"
        if any(node.kind == layout.TIMESTAMP for node in self._layout.root.walk()):
            return self._layout.writer_zone(piece)
        return ""

    def _file(self, with_timestamps):
        if not with_timestamps:
            return self._plain
        if self._exact is None:
            self._exact = orc.ORCFile(pa.PythonFile(self._layout.file_with_plain_timestamps(), mode="r"))
        return self._exact

    def _make_moments(self, piece, node, array):
        """Turns the seconds of every timestamp below an array of Arrow into microseconds, in place."""
        if _is_timestamp(node):
            self._make_microseconds(piece, node, array)
        elif node.kind == layout.LIST:
            self._make_moments(piece, node.children[0], array.values)
        elif node.kind == layout.MAP:
            self._make_moments(piece, node.children[0], array.keys)
            self._make_moments(piece, node.children[1], array.items)
        elif node.kind == layout.STRUCT:
            for index, child in enumerate(node.children):
                self._make_moments(piece, child, array.field(index))

    def _make_microseconds(self, piece, node, array):
        valid, values = array.buffers()
        count = len(array)
        if count == 0 or values is None:
            return
        if array.offset:
            raise ValueError("pyarrow gave a part of an array")
        seconds = np.frombuffer(values, np.int64, count)
        present = slice(None)
        if array.null_count:
            present = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")[:count].astype(bool)
        raw = self._layout.stream(piece, node.column, layout.SECONDARY)
        decode = numbers.unsigned_v2 if self._layout.encoding(piece, node.column) == 2 else numbers.unsigned_v1
        nanoseconds = decode(raw, count - array.null_count).astype(np.int64)
        zeros = nanoseconds & 7  # trailing zeros of the fraction, less one
        nanoseconds = (nanoseconds >> 3) * np.where(zeros > 0, 10 ** (zeros + 1), 1)
        epoch = _EPOCH
        zone = self._layout.writer_zone(piece)
        if node.kind == layout.TIMESTAMP and zone:
            epoch -= zone_offset(zone, zone_epoch(zone))
        utc = seconds[present] + epoch
        # Java's writer rounds seconds towards 1970.
        utc -= (utc * 1000 + nanoseconds // 1000000 < 0) & (nanoseconds > 999999)
        out = np.array(seconds)
        out[present] = utc * 1000000 + nanoseconds // 1000
        _overwrite(values, out)


def zone_epoch(zone):
    """The moment, in seconds, at which 2015 began in a zone."""
    return _FIRST_DAY_OF_2015 - zone_offset(zone, _FIRST_DAY_OF_2015)


def _overwrite(buffer, values):
    """Arrow's buffers are fresh from the reader, so that nobody else sees them change."""
    ctypes.memmove(buffer.address, values.ctypes.data, values.nbytes)


def open_reader(path):
    return Reader(path)


class Writer:
    """Writes batches to a new file."""

    def __init__(self, path, codec, schema_address):
        if codec not in _CODECS:
            raise NotImplementedError(f"ORC files with {codec} compression")
        self._schema = pa.Schema._import_from_c(schema_address)
        self._writer = None
        self._sink = pa.OSFile(path, "wb")
        self._writer = orc.ORCWriter(self._sink, compression=_CODECS[codec], dictionary_key_size_threshold=0.8)
        self._wrote = False

    def write(self, array_address, schema_address):
        batch = pa.RecordBatch._import_from_c(array_address, schema_address)
        _refuse_early_fractions(batch)
        self._writer.write(pa.Table.from_batches([batch]))
        self._wrote = True

    def finish(self):
        if not self._wrote:
            self._writer.write(self._schema.empty_table())
        writer, self._writer = self._writer, None
        writer.close()
        self._sink.close()

    def abandon(self):
        """Lets go of a file that was not finished."""
        if self._writer is not None:
            self._writer.is_open = False  # nothing more is written
            self._writer = None
            self._sink.close()


def _refuse_early_fractions(batch):
    def check(array):
        if pa.types.is_timestamp(array.type):
            if len(array):
                micros = np.frombuffer(array.buffers()[1], np.int64, len(array), array.offset * 8)
                if ((micros < 0) & (micros % 1000000 != 0)).any():
                    raise NotImplementedError("writing timestamps before 1970 with fractions of a second to ORC")
        elif pa.types.is_map(array.type):
            check(array.keys)
            check(array.items)
        elif pa.types.is_list(array.type):
            check(array.values)
        elif pa.types.is_struct(array.type):
            for index in range(array.type.num_fields):
                check(array.field(index))

    for column in batch.columns:
        check(column)


def open_writer(path, codec, schema_address):
    return Writer(path, codec, schema_address)

"""The layout of ORC files, as far as pyarrow does not show it: types with their attributes, stripes, raw streams.

After the specification of ORC v1 (https://orc.apache.org/specification/ORCv1/); messages are protobuf's wire format.
"""

import io
import os
import zlib

KINDS = "boolean byte short integer long float double string binary timestamp array map struct union decimal date"
(BOOLEAN, BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, STRING, BINARY, TIMESTAMP, LIST, MAP, STRUCT, UNION, DECIMAL, DATE) = (
    range(16)
)
VARCHAR, CHAR, TIMESTAMP_INSTANT = 16, 17, 18
PRESENT, DATA, SECONDARY, ROW_INDEX_KINDS = 0, 1, 5, (6, 7, 8)
_CODECS = {1: "zlib", 2: "snappy", 3: "lzo", 4: "lz4_raw", 5: "zstd", 6: "brotli"}


def varint(data, at):
    """The number at a position, and the position behind it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _fields(data):
    """(number, value, start, end) of a message's fields; a value is an int, or bytes for nested ones."""
    at = 0
    while at < len(data):
        start = at
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 2:
            length, at = varint(data, at)
            value = data[at : at + length]
            at += length
        elif tag & 7 == 1:
            value = data[at : at + 8]
            at += 8
        else:
            raise ValueError("the metadata of the ORC file is damaged")
        yield tag >> 3, value, start, at


def _message(data):
    out = {}
    for number, value, _, _ in _fields(data):
        out.setdefault(number, []).append(value)
    return out


def _one(message, number, otherwise=0):
    return message[number][-1] if number in message else otherwise


def _put_varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


class OrcType:
    """A node of the tree of types; `column` is its number in the file."""

    def __init__(self, column, data):
        message = _message(data)
        self.column = column
        self.kind = _one(message, 1)
        self.children = []
        self.child_columns = []
        for packed in message.get(2, ()):
            at = 0
            while isinstance(packed, bytes) and at < len(packed):
                child, at = varint(packed, at)
                self.child_columns.append(child)
            if isinstance(packed, int):
                self.child_columns.append(packed)
        self.names = [name.decode() for name in message.get(3, ())]
        self.precision = _one(message, 5)
        self.scale = _one(message, 6)
        pairs = [_message(pair) for pair in message.get(7, ())]
        self.attributes = {_one(pair, 1, b"").decode(): _one(pair, 2, b"").decode() for pair in pairs}

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


class OrcLayout:
    """What the tail of a file says. `tail`: pyarrow's serialized FileTail; `path`: where the bytes are."""

    def __init__(self, path, tail):
        self.path = path
        tail = _message(tail)
        post = _message(_one(tail, 1, b""))
        self._footer = _one(tail, 2, b"")
        self.compression = _one(post, 2)
        self.block_size = _one(post, 3) or 262144
        self._post = _one(tail, 1, b"")
        self._footer_start = _one(tail, 3) - 1 - _one(tail, 4) - _one(post, 1)
        footer = _message(self._footer)
        nodes = [OrcType(column, data) for column, data in enumerate(footer.get(4, ()))]
        for node in nodes:
            node.children = [nodes[column] for column in node.child_columns]
        self.root = nodes[0] if nodes else None
        self.stripes = [_message(stripe) for stripe in footer.get(3, ())]
        self.rows = [_one(stripe, 5) for stripe in self.stripes]
        self.is_proleptic = _one(footer, 11) == 2
        self._stripe_footers = {}

    def stripe_footer(self, stripe):
        if stripe not in self._stripe_footers:
            place = self.stripes[stripe]
            start = _one(place, 1) + _one(place, 2) + _one(place, 3)
            self._stripe_footers[stripe] = _message(self._decompressed(self._read(start, _one(place, 4))))
        return self._stripe_footers[stripe]

    def writer_zone(self, stripe):
        return _one(self.stripe_footer(stripe), 3, b"").decode()

    def encoding(self, stripe, column):
        """0: DIRECT, 2: DIRECT_V2."""
        return _one(_message(self.stripe_footer(stripe)[2][column]), 1)

    def stream(self, stripe, column, kind):
        """The decompressed bytes of a stream; empty where there is none."""
        start = _one(self.stripes[stripe], 1)
        for stream in map(_message, self.stripe_footer(stripe).get(1, ())):
            length = _one(stream, 3)
            if _one(stream, 2) == column and _one(stream, 1) == kind:
                return self._decompressed(self._read(start, length))
            start += length
        return b""

    def file_with_plain_timestamps(self):
        """The file as if its timestamps were whole numbers: their seconds. Only the tail differs."""
        footer = bytearray()
        column = 0
        for number, value, start, end in _fields(self._footer):
            part = self._footer[start:end]
            if number == 4:
                if OrcType(column, value).kind in (TIMESTAMP, TIMESTAMP_INSTANT):
                    part = b"\x22\x02\x08" + bytes([LONG])
                column += 1
            footer += part
        if self.compression:
            blocks = [footer[at : at + self.block_size] for at in range(0, len(footer), self.block_size)]
            footer = b"".join((len(block) << 1 | 1).to_bytes(3, "little") + block for block in blocks)
        post = b"".join(
            b"\x08" + _put_varint(len(footer)) if number == 1 else self._post[start:end]
            for number, _, start, end in _fields(self._post)
        )
        return _FileWithTail(self.path, self._footer_start, bytes(footer) + post + bytes([len(post)]))

    def _read(self, start, length):
        with open(self.path, "rb") as file:
            file.seek(start)
            data = file.read(length)
        if len(data) != length:
            raise ValueError("the ORC file is shorter than its metadata says")
        return data

    def _decompressed(self, data):
        if not self.compression:
            return data
        out = []
        at = 0
        while at + 3 <= len(data):
            header = int.from_bytes(data[at : at + 3], "little")
            block = data[at + 3 : at + 3 + (header >> 1)]
            at += 3 + (header >> 1)
            out.append(block if header & 1 else self._decompressed_block(block))
        return b"".join(out)

    def _decompressed_block(self, block):
        codec = _CODECS.get(self.compression, "unknown")
        if codec == "zlib":
            return zlib.decompress(block, -15)
        if codec == "snappy":
            import pyarrow

            return pyarrow.decompress(block, varint(block, 0)[0], codec="snappy", asbytes=True)
        if codec == "zstd":
            import pyarrow

            with pyarrow.CompressedInputStream(pyarrow.BufferReader(block), "zstd") as stream:
                return stream.read()
        if codec == "lz4_raw":
            return _lz4(block)
        raise NotImplementedError(f"timestamps in ORC files with {codec} compression")


def _lz4(block):
    """LZ4's block format, whose decompressed size is not written down."""
    out = bytearray()
    at = 0
    while at < len(block):
        token = block[at]
        at += 1
        length = token >> 4
        if length == 15:
            while True:
                length += block[at]
                at += 1
                if block[at - 1] != 255:
                    break
        out += block[at : at + length]
        at += length
        if at >= len(block):
            break
        distance = block[at] | block[at + 1] << 8
        at += 2
        length = (token & 15) + 4
        if length == 19:
            while True:
                length += block[at]
                at += 1
                if block[at - 1] != 255:
                    break
        start = len(out) - distance
        if start < 0 or not distance:
            raise ValueError("the ORC file has a damaged LZ4 block")
        piece = out[start : start + length]
        while len(piece) < length:
            piece += piece[: length - len(piece)]
        out += piece
    return bytes(out)


class _FileWithTail(io.RawIOBase):
    """A file whose end is replaced."""

    def __init__(self, path, length, tail):
        self._file = open(path, "rb", buffering=0)
        self._length = length
        self._tail = tail
        self._at = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def size(self):
        return self._length + len(self._tail)

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        self._at = offset + (0, self._at, self.size())[whence]
        return self._at

    def read(self, size=-1):
        size = self.size() - self._at if size is None or size < 0 else size
        out = b""
        if self._at < self._length:
            out = os.pread(self._file.fileno(), min(size, self._length - self._at), self._at)
        if len(out) < size and self._at + len(out) >= self._length:
            start = self._at + len(out) - self._length
            out += self._tail[start : start + size - len(out)]
        self._at += len(out)
        return out

    def close(self):
        if not self.closed:
            self._file.close()
        super().close()

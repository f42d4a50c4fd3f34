"""Unsigned whole numbers of ORC streams (run length encoding, versions 1 and 2) as numpy arrays."""

import numpy as np

from pyrite._orc_layout import varint

_WIDTHS = [*range(1, 25), 26, 28, 30, 32, 40, 48, 56, 64]
_NEXT_WIDTH = sorted({1, 2, 4, *_WIDTHS})


def _closest_width(bits):
    return next(width for width in _NEXT_WIDTH if width >= bits)


def _unpacked(data, start, width, count):
    """`count` big-endian numbers of `width` bits, packed from a byte on."""
    if width % 8 == 0:
        size = width // 8
        parts = data[start : start + size * count].reshape(count, size).astype(np.uint64)
        shifts = np.arange(size - 1, -1, -1, dtype=np.uint64) * np.uint64(8)
        return (parts << shifts).sum(axis=1, dtype=np.uint64)
    bits = np.unpackbits(data[start : start + (width * count + 7) // 8])[: width * count].reshape(count, width)
    out = np.zeros(count, np.uint64)
    for bit in range(width):
        out = out << np.uint64(1) | bits[:, bit]
    return out


def _signed(value):
    return value >> 1 ^ -(value & 1)


def _delta_run(raw, data, at):
    width = raw[at] >> 1 & 31
    count = (raw[at] & 1) << 8 | raw[at + 1]
    base, at = varint(raw, at + 2)
    step, at = varint(raw, at)
    step = _signed(step)
    out = np.empty(count + 1, np.int64)
    if width == 0:
        out[:] = base + step * np.arange(count + 1, dtype=np.int64)
        return out.view(np.uint64), at
    width = _WIDTHS[width]
    out[0] = base
    out[1] = base + step
    steps = _unpacked(data, at, width, count - 1).view(np.int64)
    out[2:] = out[1] + np.cumsum(steps if step >= 0 else -steps)
    return out.view(np.uint64), at + (width * (count - 1) + 7) // 8


def _patched_run(raw, data, at):
    width = _WIDTHS[raw[at] >> 1 & 31]
    count = ((raw[at] & 1) << 8 | raw[at + 1]) + 1
    base_bytes = (raw[at + 2] >> 5) + 1
    patch_width = _WIDTHS[raw[at + 2] & 31]
    gap_width = (raw[at + 3] >> 5) + 1
    patches = raw[at + 3] & 31
    at += 4
    base = int.from_bytes(raw[at : at + base_bytes], "big")
    sign = 1 << (base_bytes * 8 - 1)
    base = -(base & ~sign) if base & sign else base
    at += base_bytes
    out = _unpacked(data, at, width, count)
    at += (width * count + 7) // 8
    entry = _closest_width(patch_width + gap_width)
    position = 0
    for patch in _unpacked(data, at, entry, patches).tolist():
        position += patch >> patch_width
        high = patch & ((1 << patch_width) - 1)
        if high:
            out[position] |= np.uint64(high << width)
    at += (entry * patches + 7) // 8
    return (out.view(np.int64) + base).view(np.uint64), at


def unsigned_v2(raw, count):
    """The first `count` numbers of a stream of version 2."""
    data = np.frombuffer(raw, np.uint8)
    parts = []
    at = found = 0
    while found < count:
        head = raw[at]
        if head >> 6 == 0:
            size = (head >> 3 & 7) + 1
            part = np.full((head & 7) + 3, int.from_bytes(raw[at + 1 : at + 1 + size], "big"), np.uint64)
            at += 1 + size
        elif head >> 6 == 1:
            width = _WIDTHS[head >> 1 & 31]
            length = ((head & 1) << 8 | raw[at + 1]) + 1
            part = _unpacked(data, at + 2, width, length)
            at += 2 + (width * length + 7) // 8
        elif head >> 6 == 2:
            part, at = _patched_run(raw, data, at)
        else:
            part, at = _delta_run(raw, data, at)
        parts.append(part)
        found += len(part)
    return np.concatenate(parts)[:count] if parts else np.empty(0, np.uint64)


def unsigned_v1(raw, count):
    """The first `count` numbers of a stream of version 1."""
    out = []
    at = 0
    while len(out) < count:
        head = raw[at]
        at += 1
        if head < 128:
            step = raw[at] - 256 if raw[at] > 127 else raw[at]
            base, at = varint(raw, at + 1)
            out.extend(base + step * i for i in range(head + 3))
        else:
            for _ in range(256 - head):
                value, at = varint(raw, at)
                out.append(value)
    return np.array(out[:count], np.uint64)

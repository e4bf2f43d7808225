# SPDX-License-Identifier: Apache-2.0
"""Reads one grey plane of 8 or 16 bits from TIFF (not compressed, LZW or deflate) or PNG; writes TIFF. Standard library only."""

import array
import struct
import sys
import zlib


def read_plane(path):
    """(width, height, array of row-major grey values)."""
    with open(path, "rb") as file:
        data = file.read()
    return read_png(data) if data[:4] == b"\x89PNG" else read_tiff(data)


def swapped(values, order):
    if values.itemsize > 1 and (order == ">") != (sys.byteorder == "big"):
        values.byteswap()
    return values


def tags_of(data):
    """{tag: values} of the first directory of a classic or big TIFF, and its byte order."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack(order + "H", data[2:4])[0] == 43
    offset_format, entry_format, count_format = ("Q", "HHQ", "Q") if big else ("I", "HHI", "H")
    start = struct.unpack_from(order + offset_format, data, 8 if big else 4)[0]
    count = struct.unpack_from(order + count_format, data, start)[0]
    place = start + struct.calcsize(count_format)
    inline = struct.calcsize(offset_format)
    tags = {}
    for _ in range(count):
        tag, kind, length = struct.unpack_from(order + entry_format, data, place)
        place += struct.calcsize(order + entry_format)
        letter = {1: "B", 3: "H", 4: "I", 16: "Q"}.get(kind)
        if letter:
            size = length * struct.calcsize(letter)
            at = place if size <= inline else struct.unpack_from(order + offset_format, data, place)[0]
            tags[tag] = struct.unpack_from(f"{order}{length}{letter}", data, at)
        place += inline
    return tags, order


def lzw(data):
    """TIFF's LZW: most significant bit first, codes grow one value early."""
    output, table, bits, held, width, last = bytearray(), [], 0, 0, 9, b""
    for byte in data:
        bits, held = (bits << 8 | byte) & 0xFFFFFF, held + 8
        if held < width:
            continue
        held -= width
        code = bits >> held & (1 << width) - 1
        if code == 257:
            break
        if code == 256:
            table, width, last = [bytes((i,)) for i in range(256)] + [b"", b""], 9, b""
            continue
        entry = table[code] if code < len(table) else last + last[:1]
        if last:
            table.append(last + entry[:1])
        output += entry
        last = entry
        width = 9 + (len(table) >= 511) + (len(table) >= 1023) + (len(table) >= 2047)
    return bytes(output)


def read_tiff(data):
    tags, order = tags_of(data)
    width, height = tags[256][0], tags[257][0]
    letter = {8: "B", 16: "H"}[tags[258][0]]
    decode = {1: bytes, 5: lzw, 8: zlib.decompress, 32946: zlib.decompress}[tags.get(259, (1,))[0]]
    tile_width, tile_height = tags.get(322, (width,))[0], tags.get(323, tags.get(278, (height,)))[0]
    plane = array.array(letter, bytes(width * height * struct.calcsize(letter)))
    places = list(zip(tags.get(324) or tags[273], tags.get(325) or tags[279]))
    across = -(-width // tile_width)
    for index, (offset, size) in enumerate(places):
        block = decode(data[offset:offset + size])
        block = swapped(array.array(letter, block[:len(block) // plane.itemsize * plane.itemsize]), order)
        top, left = index // across * tile_height, index % across * tile_width
        for row in range(min(tile_height, height - top)):
            line = block[row * tile_width:(row + 1) * tile_width]
            if tags.get(317, (1,))[0] == 2:
                for x in range(1, tile_width):
                    line[x] = line[x] + line[x - 1] & (1 << 8 * plane.itemsize) - 1
            used = min(tile_width, width - left)
            start = (top + row) * width + left
            plane[start:start + used] = line[:used]
    return width, height, plane


def paeth(left, above, corner):
    estimate = left + above - corner
    distances = [(abs(estimate - left), 0, left), (abs(estimate - above), 1, above), (abs(estimate - corner), 2, corner)]
    return min(distances)[2]


def read_png(data):
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    if colour != 0 or interlace or depth not in (8, 16):
        sys.exit("only grey PNG of 8 or 16 bits, not interlaced")
    place, packed = 8, b""
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place:place + 8])
        packed += data[place + 8:place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    raw, step, stride = zlib.decompress(packed), depth // 8, width * depth // 8
    above, lines = bytearray(stride + step), bytearray()
    for y in range(height):
        kind = raw[y * (stride + 1)]
        line = bytearray(step) + raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)]
        if kind:
            for x in range(step, stride + step):
                left, up, corner = line[x - step], above[x], above[x - step]
                line[x] = line[x] + (left, up, (left + up) // 2, paeth(left, up, corner))[kind - 1] & 255
        lines += line[step:]
        above = line
    return width, height, swapped(array.array("B" if depth == 8 else "H", bytes(lines)), ">")


def cropped(plane, left):
    """The columns from `left` on."""
    width, height, values = plane
    rows = array.array(values.typecode)
    for y in range(height):
        rows += values[y * width + left:(y + 1) * width]
    return width - left, height, rows


def write_tiff(path, plane):
    width, height, values = plane
    size = len(values) * values.itemsize
    entries = [(256, width), (257, height), (258, 8 * values.itemsize), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, size)]
    with open(path, "wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 8 + size + size % 2))
        file.write(swapped(array.array(values.typecode, values), "<").tobytes() + bytes(size % 2))
        file.write(struct.pack("<H", len(entries)))
        for tag, value in entries:
            file.write(struct.pack("<HHII", tag, 4, 1, value))
        file.write(struct.pack("<I", 0))

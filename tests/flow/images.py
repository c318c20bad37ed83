"""Pictures made of nothing: real files, as small as their formats allow."""
import struct
import zlib


def chunk(kind, data):
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def png(width=4, height=3, shade=0):
    """A grey PNG that every viewer shows."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def segment(marker, data):
    return bytes([0xff, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width=8, height=8, comment=b""):
    """A grey JPEG: a table of each kind, and one code for "no change"."""
    def table(kind, *lengths):
        counts = bytes(lengths) + bytes(16 - len(lengths))
        return segment(0xc4, bytes([kind]) + counts + bytes(sum(lengths)))
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (b"\xff\xd8" + segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
            + (segment(0xfe, comment) if comment else b"")
            + segment(0xdb, b"\0" + b"\x01" * 64) + segment(0xc0, frame)
            + table(0x00, 1) + table(0x10, 1)
            + segment(0xda, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f\xff\xd9")

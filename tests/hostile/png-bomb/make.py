import struct
import zlib
from pathlib import Path


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


side = 30_000
with_header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
Path("a.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", with_header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
)

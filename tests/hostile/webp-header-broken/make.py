from pathlib import Path

Path("a.webp").write_bytes(b"RIFF\x10\0\0\0WEBPVP8 \x04\0\0\0abcd")

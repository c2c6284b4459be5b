from pathlib import Path

Path("a.gif").write_bytes(b"GIF89a\x01")

from pathlib import Path

book = Path("dist/paper.epub")
data = book.read_bytes()
for mark, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
    at = data.find(mark, data.find(mark) + 4) + place
    data = data[:at] + b"\x63\0" + data[at + 2 :]
book.write_bytes(data)

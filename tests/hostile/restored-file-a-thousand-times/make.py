from triptych.deposit.disk import Disk
from triptych.deposit.inventory import Inventory, add_version, write_inventory
from triptych.deposit.store import object_root

files = {f"data/{number}": bytes(40_000_000) for number in range(1000)}

new, content = add_version(
    Inventory("urn:x:1", (), {}, {}), files, "2026-01-01T00:00:00Z", "m", "u", "urn:u"
)
store = Disk("store")
store.begin()
store.add(object_root("urn:x:1"), content, write_inventory(new), None)

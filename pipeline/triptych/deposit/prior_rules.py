"""The rules between inventories: what an earlier version's must have in common with the newest.

In: two inventories of one object (OCFL 1.1, 3.7). Out: a message for each rule they break together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triptych.deposit.inventory import Inventory


def prior_faults(old: Inventory, newest: Inventory, name: str) -> Iterator[str]:
    """What is wrong with the inventory of version `name`, an earlier one than the newest."""
    if old.id != newest.id:
        yield f"its id is {old.id[:200]!r}, not {newest.id[:200]!r} (E037)"
    if old.versions and old.head != name:
        yield f"its head is {old.head}, not {name} (E040)"
    if old.content != newest.content or (newest.names_content and not old.names_content):
        codes = "E019, E020" if old.content != newest.content else "E019"
        yield f"its contentDirectory is {old.content}, not {newest.content} ({codes})"
    count = len(old.versions)
    if count >= len(newest.versions) or any(
        old.folder(n) != newest.folder(n) for n in range(1, count + 1)
    ):
        yield "it tells of other versions than the newest inventory (E066)"
        return
    yield from _files(old, newest)
    places = _places(old), _places(newest)
    for number in range(1, count + 1):
        yield from _version(old, newest, number, places)


def _files(old: Inventory, newest: Inventory) -> Iterator[str]:
    """Which stored files of its time the older inventory has not, or has alone."""
    folders = {old.folder(n) for n in range(1, len(old.versions) + 1)}
    due = {path for path in newest.manifest if path.partition("/")[0] in folders}
    for path in sorted(due ^ old.manifest.keys()):
        which = "this inventory" if path in due else "the newest inventory"
        yield f"{which} lacks {path} (E023)"


_Places = Mapping[str, frozenset[str]]


def _version(
    old: Inventory, newest: Inventory, number: int, places: tuple[_Places, _Places]
) -> Iterator[str]:
    name = old.folder(number)
    then, now = old.versions[number - 1], newest.versions[number - 1]
    if then.state.keys() != now.state.keys():
        path = min(then.state.keys() ^ now.state.keys())
        yield f"{name} has other files than in the newest inventory, such as {path[:200]} (E066)"
    else:
        same_kind = old.algorithm == newest.algorithm
        for path, digest in sorted(then.state.items()):
            stored = (
                places[0].get(digest, frozenset()),
                places[1].get(now.state[path], frozenset()),
            )
            if (same_kind and digest != now.state[path]) or not stored[0] <= stored[1]:
                yield f"{path[:200]} in {name} is not what it is in the newest inventory (E066)"
    for what in ("created", "message", "user", "address"):
        if getattr(then, what) != getattr(now, what):
            yield f"{name} has another {what} than in the newest inventory (W011)"


def _places(inventory: Inventory) -> _Places:
    """The stored files of each digest."""
    places: dict[str, set[str]] = {}
    for path, digest in inventory.manifest.items():
        places.setdefault(digest, set()).add(path)
    return {digest: frozenset(paths) for digest, paths in places.items()}

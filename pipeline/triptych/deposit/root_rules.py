"""The rules of a storage root: what makes it one, and where its objects are (OCFL 1.1, 4).

In: a store. Out: what is wrong with the root itself, and what is in no object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from triptych.deposit.object_rules import REGISTERED, StoreFault
from triptych.deposit.store import (
    CONFIG,
    DECLARATION,
    DECLARED,
    LAYOUT_FILE,
    ROOT_FILES,
    Readable,
    folders_above,
    object_roots,
    read_if_there,
)
from triptych.typed_json import parsed


def root_faults(
    store: Readable, paths: Sequence[str], odd: Sequence[tuple[str, str]]
) -> Iterator[StoreFault]:
    """What is wrong with the storage root, and with what lies in it besides objects.

    `paths` are all files of the store, `odd` what else is there.
    """
    if laid_out_by_triptych(store):
        yield from _own_files(store, paths)
    else:
        yield from _declaration(store, paths)
        yield from _layout(store)
    yield from _strays(paths, odd)


def root_notes(paths: Sequence[str]) -> Iterator[str]:
    """What is in the storage root and should not be."""
    names = {p.split("/")[1] for p in paths if p.startswith("extensions/") and p.count("/") > 1}
    for name in sorted(names):
        if not REGISTERED.fullmatch(name):
            yield f"extensions/{name}: no such extension is registered (W016)"


def laid_out_by_triptych(store: Readable) -> bool:
    """Whether a root is one that Triptych made, so that its files must be those it wrote."""
    return any(read_if_there(store, path) == ROOT_FILES[path] for path in (LAYOUT_FILE, CONFIG))


def _own_files(store: Readable, paths: Sequence[str]) -> Iterator[StoreFault]:
    for path, data in ROOT_FILES.items():
        if path not in paths:
            yield StoreFault(path, "missing", "the storage root lacks it (E069, E070)")
        elif store.read(path) != data:
            yield StoreFault(
                path, "damaged", "its bytes are not those it was written with (E070, E080)"
            )
    yield from _second_declaration(paths)


def _declaration(store: Readable, paths: Sequence[str]) -> Iterator[StoreFault]:
    if read_if_there(store, DECLARATION) != DECLARED:
        yield StoreFault(DECLARATION, "damaged", "it does not declare a storage root (E080)")
    yield from _second_declaration(paths)


def _second_declaration(paths: Sequence[str]) -> Iterator[StoreFault]:
    for path in paths:
        if path.startswith("0=") and path != DECLARATION:
            yield StoreFault(path, "extra", "the storage root has another declaration (E069)")


def _layout(store: Readable) -> Iterator[StoreFault]:
    """What is wrong with the layout that another program wrote; it need not be there."""
    data = read_if_there(store, LAYOUT_FILE)
    if data is None:
        return
    try:
        told: Any = parsed(data)
        named = (told["extension"], told["description"])
    except (ValueError, TypeError, LookupError):
        yield StoreFault(LAYOUT_FILE, "invalid", "it has no extension and description (E070)")
        return
    if not all(isinstance(value, str) for value in named):
        yield StoreFault(LAYOUT_FILE, "invalid", "its extension is not a text (E070)")
    elif not REGISTERED.fullmatch(named[0]):
        yield StoreFault(LAYOUT_FILE, "invalid", f"{named[0][:80]!r} is not registered (E071)")


def _strays(paths: Sequence[str], odd: Sequence[tuple[str, str]]) -> Iterator[StoreFault]:
    """Files, links and folders that are in no object (OCFL 1.1, 4.1 and 4.2)."""
    objects = set(object_roots(list(paths)))
    for path in paths:
        if path.startswith("extensions/"):
            if path.count("/") == 1:
                yield StoreFault(path, "extra", "only folders may be in extensions (E086)")
        elif "/" in path and not any(folder in objects for folder in folders_above(path)):
            yield StoreFault(
                path, "extra",
                "it belongs to no object: its folder has neither declaration (E003) nor inventory "
                "(E063), and no other files may be here (E072)",
            )  # fmt: skip
    for path, what in odd:
        if any(folder in objects for folder in folders_above(path)):
            continue  # told of with the object
        if "folder" not in what:
            yield StoreFault(path, "invalid", f"it is {what}, which a store must not have (E090)")
        elif not path.startswith("extensions"):
            yield StoreFault(path, "extra", f"it is {what} (E073)")

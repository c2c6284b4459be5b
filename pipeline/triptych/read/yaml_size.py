"""How large YAML becomes: aliases stand for what they name, more maybe than any memory holds.

In: a text in YAML. Out: nothing, or a ComposerError of the YAML library at what is too much.
"""

from __future__ import annotations

from typing import Any

import yaml

DEEPEST, LARGEST = 100, 200_000
"""How deep values may be nested; how many they may be more than are written, by aliases."""


def check_size(text: str) -> bool:
    """Raise ComposerError, which has a line and a column, where YAML is too deep or too large.

    Return whether it has aliases.
    """
    aliases = False
    sizes: dict[str, int] = {}
    open_at: list[tuple[str | None, int]] = []
    size = written = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_at.append((event.anchor, size))
            size, written = size + 1, written + 1
            if len(open_at) > DEEPEST:
                raise _too_much(f"it is nested more than {DEEPEST} deep", event)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_at.pop()
            if anchor is not None:
                sizes[anchor] = size - before
        elif isinstance(event, yaml.AliasEvent):
            aliases = True
            if any(anchor == event.anchor for anchor, _ in open_at):
                raise _too_much(f"*{event.anchor} stands within itself", event)
            size += sizes.get(event.anchor or "", 1)
            if size - written > LARGEST:
                raise _too_much(f"*{event.anchor} makes it too large for any memory", event)
        elif isinstance(event, yaml.ScalarEvent):
            size, written = size + 1, written + 1
    return aliases


def _too_much(why: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.composer.ComposerError(None, None, why, event.start_mark)

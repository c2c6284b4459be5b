"""Where links lead out of the work: addresses are encoded, and those that lead nowhere told.

In: the resolved tree. Out: diagnostics; a link that leads nowhere is words.
"""

from __future__ import annotations

from collections.abc import Iterator

from triptych.addresses import encoded, leads_nowhere
from triptych.diagnostics import Diagnostic
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, has_class, unwrap


def encode_addresses(body: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Encode the address of every link; those of a bibliography have been told where it is read."""
    for link in list(body.iter("a")):
        written = link.get("href")
        if written is None or written.startswith("#"):
            continue
        if not written or leads_nowhere(written):
            if not any(has_class(around, "csl-entry") for around in link.iterancestors("div")):
                yield source_map.diagnostic(
                    source_map.next(written or "]("), "link-malformed",
                    f"the link to {written!r} leads nowhere; its words stay", "mend its address",
                    "warning",
                )  # fmt: skip
            unwrap(link)
        else:
            link.set("href", encoded(written))

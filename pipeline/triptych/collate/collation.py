"""The collation: the whole of what was compared, and every difference that was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison
from triptych.diagnostics import Diagnostic, ProofError, counted
from triptych.ledger import Ledger
from triptych.manifest import EditionManifest
from triptych.witness.reading import Cover, Witness


@dataclass(frozen=True, slots=True)
class Collation:
    """What was compared, and every difference found; `seconds` is what it took.

    `manifest` is what the files were held against. `comparisons` are of the files that could be
    read, each paired with the ledger; `cover` is the cover of the printed book as read, where there
    is one.
    """

    manifest: EditionManifest
    comparisons: tuple[Comparison, ...]
    differences: tuple[Difference, ...]
    seconds: float
    cover: Cover | None = None

    @property
    def name(self) -> str:
        """The edition's name."""
        return self.manifest.name

    @property
    def ledger(self) -> Ledger:
        """What the files must say."""
        return self.manifest.ledger

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The files as read."""
        return tuple(comparison.witness for comparison in self.comparisons)

    @property
    def shapes(self) -> Iterator[str]:
        """The digests of the letters' shapes that pages and cover show."""
        readings = [r for w in self.witnesses for r in (w.title, w.article, *w.notes, w.front)]
        if self.cover is not None:
            readings += [self.cover.back, self.cover.spine, self.cover.front]
        beside = (one for r in readings for one in (r.number, *(found for _, found in r.items)))
        heads = (head for witness in self.witnesses for head in witness.running_heads)
        shapes = [one.shapes for some in (readings, beside, heads) for one in some]
        return (shape.digest for some in shapes for shape in some)

    @property
    def passed(self) -> bool:
        """Whether every file says what the ledger says."""
        return not self.differences


class CollationError(ProofError):
    """The finished files do not all say what the edition says; `collation` has the differences.

    `warnings` is what was told of the source on the way, which may be the cause.
    """

    def __init__(self, collation: Collation, warnings: Iterable[Diagnostic] = ()) -> None:
        self.collation = collation
        self.warnings = tuple(warnings)
        self.summary = (
            f"the collation found {counted(len(collation.differences), 'difference')}; "
            "nothing was written (--keep-going writes what there is)"
        )
        super().__init__("\n".join([self.summary, *map(str, collation.differences)]))

"""What a collation found, told to people and to programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from triptych.collate import Collation


def verdict(collation: Collation) -> str:
    """One sentence."""
    ledger = collation.ledger
    files = ", ".join(witness.format.upper() for witness in collation.witnesses) or "no file"
    if collation.passed:
        return (
            f"{files} agree: {len(ledger.clusters)} citations, {len(ledger.entries)} entries, "
            f"{len(ledger.notes)} notes, {len(ledger.text.links) + len(ledger.note_text.links)} "
            f"links, {len(ledger.text.letters) + len(ledger.note_text.letters)} letters each"
        )
    count = len(collation.differences)
    return f"{files}: {count} difference{'' if count == 1 else 's'}"


def as_json(collation: Collation) -> dict[str, Any]:
    """Everything, as plain JSON values."""
    return {
        "name": collation.name,
        "passed": collation.passed,
        "seconds": round(collation.seconds, 3),
        "witnesses": [witness.format for witness in collation.witnesses],
        "differences": [asdict(difference) for difference in collation.differences],
    }


def as_table(collation: Collation) -> str:
    """Placeholder."""
    return ""


def as_html(collation: Collation, where: Any) -> str:
    """Placeholder."""
    return ""

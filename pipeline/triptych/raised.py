"""Letters and figures that Unicode has high or low, for words that can bear no markup."""

from __future__ import annotations

HIGH = dict(zip("0123456789+−=in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁱⁿ", strict=True))
LOW = dict(zip("0123456789+−=aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


def raised(said: str) -> str | None:
    """`said` as raised letters; None where Unicode lacks one."""
    return "".join(HIGH[sign] for sign in said) if HIGH.keys() >= set(said) else None


def lowered(said: str) -> str | None:
    """`said` as lowered letters; None where Unicode lacks one."""
    return "".join(LOW[sign] for sign in said) if LOW.keys() >= set(said) else None


_ENDINGS = frozenset(
    "st nd rd th er re ère me ème ième mes èmes ers res lle lles gr os as to vo mo te ste".split()
)
"""Raised letters behind a number or at the end of a shortened word, in English and French."""


def is_shortening(said: str, before: str) -> bool:
    """Whether raised letters stand as the others do where they cannot be raised: 1st, XIXe, Mme.

    `before` is the letter before them. Other raised letters, as of a note `a` or a power `p`, would
    be read as part of the word.
    """
    if said.lower() in _ENDINGS:
        return before.isalnum()
    ends = {"e": "0123456789IVXLCDM", "o": "0123456789nN", "r": "DM", "t": "S"}
    return before != "" and before in ends.get(said, "")

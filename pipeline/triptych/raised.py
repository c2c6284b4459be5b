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

r"""Signs that TeX has commands for and pandoc's reader of bibliographies drops, such as `\dh`.

In: the words of a field. Out: the same with the signs themselves; formulas stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = {
    "textendash": "–", "textemdash": "—", "textbar": "|", "textunderscore": r"\_",
    "texttrademark": "™", "texteuro": "€", "textcent": "¢", "textordmasculine": "º",
    "textordfeminine": "ª", "textellipsis": "…", "textperiodcentered": "·", "textdaggerdbl": "‡",
    "textexclamdown": "¡", "textquestiondown": "¿", "textcelsius": "°C", "degree": "°",
    "textpm": "±", "pm": "±", "texttimes": "×", "times": "×", "textdiv": "÷", "textminus": "−",
    "textonesuperior": "¹", "textasteriskcentered": "∗", "textperthousand": "‰",
    "textnumero": "№", "textbraceleft": r"\{", "textbraceright": r"\}", "textlangle": "⟨",
    "textrangle": "⟩", "dag": "†", "ddag": "‡", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "ng": "ŋ", "NG": "Ŋ", "ij": "ij", "IJ": "IJ", "dj": "đ", "DJ": "Đ", "og": "«~", "fg": "~»",
    "cprime": "ʹ", "prime": "′", "leq": "≤", "geq": "≥", "infty": "∞", "rightarrow": "→",
    "sim": "∼", "quad": " ", "enspace": " ", "thinspace": r"\,", "space": " ", "newline": " ",
    "linebreak": " ", "BibTeX": "BibTeX", "XeTeX": "XeTeX", "LaTeXe": "LaTeX 2e",
}  # fmt: skip
_UNSEEN = "nobreakdash nolinebreak nobreak allowbreak relax protect noindent noopsort null".split()
"""Commands that print nothing, and are meant to."""
_GREEK = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {spelt}".upper())
    for name, spelt in (
        ("lambda", "lamda"),
        *((letter, letter) for letter in (
            """alpha beta gamma delta epsilon zeta eta theta iota kappa mu nu xi pi rho sigma tau
            upsilon phi chi psi omega""".split()
        )),
    )
}  # fmt: skip
_ALL = {**_GREEK, **dict.fromkeys(_UNSEEN, ""), **_SIGNS}
_COMMAND = re.compile(
    rf"\\({'|'.join(sorted(_ALL, key=len, reverse=True))})(?![A-Za-z])(?:\s*\{{\}}|[ ])?"
)
_ROOM = re.compile(r"\\[hv]space\*?\s*\{[^{}]*\}")
_FORMULA = re.compile(r"(\$[^$]*\$|\\ensuremath\s*\{[^{}]*\}|\\\(.*?\\\))")


def with_signs(text: str) -> str:
    """A text with the signs that its commands stand for."""
    if "\\" not in text:
        return text
    parts = _FORMULA.split(text)
    parts[::2] = (_COMMAND.sub(lambda m: _ALL[m[1]], _ROOM.sub(" ", part)) for part in parts[::2])
    return "".join(parts)

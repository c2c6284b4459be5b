"""Typed JSON: bytes in, frozen dataclasses out, each value checked.

A field that is missing gets its default. A key that the class does not know is ignored, so that a
file written by a newer Triptych can be read.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from triptych.characters import NO_CHARACTER

Readers = Mapping[Any, Callable[[object, str], object]]
"""Functions that read types with a JSON form of their own, from a value and its place."""

_T = TypeVar("_T")

_NAMES = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def parsed(data: bytes | str) -> object:
    """The value of a JSON text that anybody may have written.

    Raises ValueError for what is not JSON (RFC 8259), and for what programs understand in different
    ways: a name that occurs twice in an object, numbers that are none, halves of characters; also
    for lists in lists deeper than can be read.
    """
    try:
        value = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half of a character, which stands for none") from None
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it has {twice[:60]!r} twice in one object")
    return value


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is not a number in JSON")


def typed(kind: type[_T], value: object, place: str = "", readers: Readers | None = None) -> _T:
    """A value as `kind`: a dataclass, `str`, `bool`, `int`, `float`, `Literal`, `tuple`, `Mapping`.

    `place` names the value in messages, such as `ledger.notes[3]`. Raises ValueError for a value
    that has another type or is missing, and for text that no edition can hold.
    """
    return cast("_T", _read(kind, value, place, readers or {}))


def _read(kind: Any, value: object, place: str, readers: Readers) -> object:
    if type(value) is kind and kind in _NAMES:
        _must_be_printable(value, place)
        return value
    if kind in readers:
        return readers[kind](value, place)
    if kind is Any:
        _must_be_printable(value, place)
        return value
    if is_dataclass(kind):
        return _record(kind, value, place, readers)
    if kind is float and type(value) is int:
        return float(value)
    if kind in _NAMES:
        return _refuse(value, place, _NAMES[kind])
    form, inner = get_origin(kind), get_args(kind)
    if form is Literal:
        return value if value in inner else _refuse(value, place, f"one of {', '.join(inner)}")
    if form in (types.UnionType, Union):  # only ever `X | None`
        return None if value is None else _read(inner[0], value, place, readers)
    if form is tuple:
        return _tuple(inner, value, place, readers)
    if form is Mapping:
        return _mapping(inner[1], value, place, readers)
    raise TypeError(f"JSON is not read as {kind}")


def _record(kind: Any, value: object, place: str, readers: Readers) -> object:
    if not isinstance(value, dict):
        return _refuse(value, place, "an object")
    given: dict[str, object] = {}
    for name, inner, required in _fields(kind):
        where = f"{place}.{name}".lstrip(".")
        if name in value:
            given[name] = _read(inner, value[name], where, readers)
        elif required:
            raise ValueError(f"{where} is missing")
    return kind(**given)


@cache
def _fields(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a dataclass: name, type, whether one must be given."""
    hints = get_type_hints(kind)
    return tuple(
        (f.name, hints[f.name], f.default is MISSING and f.default_factory is MISSING)
        for f in fields(kind)
    )


def _mapping(inner: Any, value: object, place: str, readers: Readers) -> object:
    if not isinstance(value, dict):
        return _refuse(value, place, "an object")
    return {name: _read(inner, item, f"{place}.{name}", readers) for name, item in value.items()}


def _tuple(inner: tuple[Any, ...], value: object, place: str, readers: Readers) -> object:
    if not isinstance(value, list | tuple):
        return _refuse(value, place, "a list")
    kinds = [inner[0]] * len(value) if inner[-1] is ... else list(inner)
    if len(kinds) != len(value):
        return _refuse(value, place, f"a list of {len(kinds)}")
    return tuple(
        _read(kind, item, f"{place}[{at}]", readers)
        for at, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )


def _must_be_printable(value: object, place: str) -> None:
    """Raise ValueError for text, at any depth, with a character that XML cannot hold."""
    if isinstance(value, str):
        if found := NO_CHARACTER.search(value):
            raise ValueError(f"{place or 'it'} has the control character U+{ord(found[0]):04X}")
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _must_be_printable(item, place)


def _refuse(value: object, place: str, wanted: str) -> object:
    shown = f"{value!r}"
    raise ValueError(
        f"{place or 'it'} must be {wanted}, and is "
        f"{shown if len(shown) <= 60 else f'{shown[:59]}…'}"
    )

"""Addresses as a link may hold them (RFC 3986; WHATWG URL, 1.3).

In: an address as it is written. Out: the same with every sign encoded that no address may hold; or
the DOI in it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HEAD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}\[\]]|%(?![0-9A-Fa-f]{2})")

_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\..+)", re.I)


def doi_of(identifier: str) -> str:
    """The DOI that an identifier is, without its address; empty where it is none."""
    found = _DOI.fullmatch(identifier)
    return found[1] if found else ""


def encoded(address: str) -> str:
    """An address with its spaces, brackets and the like encoded; those of its host stay."""
    head = _HEAD.match(address)
    host = head[0] if head else ""
    path = _UNSAFE.sub(lambda m: f"%{ord(m[0]):02X}", address[len(host) :])
    return host.replace(" ", "%20") + path


def leads_nowhere(address: str) -> bool:
    """Whether an address of the web names no host, as `https:////` does."""
    if not re.match(r"(?i)https?:|ftps?:", address):
        return False
    try:
        return not urlsplit(address).hostname
    except ValueError:  # a host in brackets that is none
        return True

"""The DTD of JATS, checked by libxml2. In: JATS files. Out: one verdict each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from triptych.validators.process import NODE_REMEDY, NODE_TOOLS, absolute, installed, npm_version
from triptych.validators.verdict import Finding, Location, Verdict

TOOL = "JATS DTD"
STANDARD = "JATS Publishing 1.4"
PACKAGE = "@jats4r/dtds"
PUBLIC_ID = "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD with MathML3 v1.4 20241031//EN"
DTD = NODE_TOOLS / PACKAGE / "schema" / "1.4" / "JATS-journalpublishing1-4-mathml3.dtd"


def available() -> str:
    """Return the version of the package that carries the DTD; raise ValidatorMissing without it."""
    installed(DTD, TOOL, NODE_REMEDY)
    return npm_version(PACKAGE, TOOL)


def validate(files: Iterable[Path]) -> list[Verdict]:
    """Check JATS files against the Journal Publishing DTD 1.4 (ANSI/NISO Z39.96-2024).

    Args:
        files: the articles; each must declare this DTD.

    Returns:
        One verdict for each file, in their order.

    Raises:
        FileNotFoundError: a file is not there.
        ValidatorMissing: the DTD is not installed.
    """
    articles = absolute(files)
    if not articles:
        return []
    version = available()
    dtd = etree.DTD(str(DTD))
    verdicts = []
    for article in articles:
        began = time.perf_counter()
        findings = tuple(_findings(article, dtd))
        seconds = time.perf_counter() - began
        verdicts.append(Verdict(TOOL, version, STANDARD, article, seconds, findings))
    return verdicts


def _findings(article: Path, dtd: etree.DTD) -> Iterator[Finding]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        tree = etree.parse(article, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        yield Finding(
            "error", "well-formed", str(error.msg), article, Location(line=line, column=column)
        )
        return
    declared = tree.docinfo.public_id
    if declared != PUBLIC_ID:
        message = f"it declares {declared or 'no public identifier'}, not {PUBLIC_ID}"
        yield Finding("error", "doctype", message, article)
    if not dtd.validate(tree):
        for entry in dtd.error_log:
            location = Location(line=entry.line)
            yield Finding("error", entry.type_name, entry.message, article, location)

"""The house rules: the order of the layers, the documents that must keep up with the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from triptych.formats import FORMATS, Format, load

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline" / "triptych"
LAYERS = (
    (
        "diagnostics",
        "installation",
        "characters",
        "text",
        "outlines",
        "formats",
        "steps",
        "epoch",
        "expansion",
        "limits",
        "scratch",
        "printing",
        "signals",
        "worker",
        "programs",
        "confine",
        "typed_json",
        "media_types",
        "isbn",
        "licences",
        "addresses",
    ),
    ("people", "raised", "terms", "tree", "csl_json", "direction", "used_text"),
    ("design",),
    ("cache",),
    ("pandoc_binary", "dates", "list_items", "typefaces", "design_values"),
    ("page_design", "page_geometry", "trim_size"),
    ("record", "ledger", "mathematics"),
    ("edition",),
    ("manifest",),
    ("read", "witness", "publish", "signing", "compare"),
    ("resolve", "render", "collate", "preflight"),
    ("print_diagnostics", "archive_contents", "validators"),
    ("press", "check"),
    ("deposit", "incremental", "machine", "new_work"),
    ("catalogue",),
    ("progress",),
    ("commands",),
    ("cli",),
)
"""The way of the data: a module imports from its own layer or from those above it in this list.

A stage stands beside another where neither needs the other.
"""

STAGES = ("read", "resolve", "render", "witness", "collate", "preflight", "check", "deposit")
"""Folders that are a stage of the way each: one may use those before it only as ALLOWED says."""

ALLOWED = {
    ("resolve", "read"),  # a source, to be resolved
    ("collate", "witness"),  # witnesses, to be compared
    ("preflight", "witness"),  # boxes and what fonts are made of
    ("check", "collate"),
    ("check", "read"),  # the lines of the source that findings come from
    ("check", "resolve"),
    ("check", "witness"),  # an e-book opened, if it can do no harm
    ("deposit", "check"),
    ("deposit", "collate"),
    ("deposit", "read"),
    ("deposit", "render"),
}

SHARED_WITH_THE_PROOF = {
    "text": "letters, links and places: the words in which a ledger and a witness speak",
    "outlines": "the digest of a glyph's shape",
    "ledger": "what the files must say: they are held against it",
    "manifest": "the ledger as it lies beside the files, with their digests and the record",
    "formats": "the table of formats",
    "diagnostics": "errors with their exit codes",
    "limits": "the time and memory that reading may take",
    "worker": "a process that reads beside another",
}
"""All that `witness` and `collate` may import besides themselves, and why: the proof shares no code
with what it proves. `witness` itself knows only the first two."""


def named(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    return module.split(".")[0]


def rank(module: str) -> int:
    found = [n for n, layer in enumerate(LAYERS) if room(module) in layer]
    assert found, f"{room(module)} is in no layer: add it to LAYERS, below all that it imports"
    return found[0]


def imports(path: Path) -> Iterator[str]:
    """The modules of the package that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("triptych."):
            for alias in node.names:
                module = f"{node.module}.{alias.name}".removeprefix("triptych.")
                yield module if module in MODULES else module.rpartition(".")[0]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("triptych."):
                    yield alias.name.removeprefix("triptych.")


MODULES = {
    named(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != PACKAGE or path.name != "__init__.py"
}


@pytest.mark.parametrize("module", MODULES)
def test_nothing_imports_against_the_way_of_the_data(module: str) -> None:
    for imported in imports(MODULES[module]):
        assert rank(imported) <= rank(module), (
            f"{module} imports {imported}, which comes after it in LAYERS: "
            "pass it in from a later stage, or move what both need to an earlier module"
        )


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) in STAGES])
def test_no_stage_imports_another_but_for_what_it_goes_on_from(module: str) -> None:
    for imported in imports(MODULES[module]):
        if room(imported) in STAGES and room(imported) != room(module):
            assert (room(module), room(imported)) in ALLOWED, (
                f"{module} imports {imported}: a stage uses another only as ALLOWED says"
            )


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) in ("witness", "collate")])
def test_the_proof_shares_no_code_with_what_it_proves(module: str) -> None:
    known = {"witness", "text", "outlines"}
    if room(module) == "collate":
        known = {*known, "collate", *SHARED_WITH_THE_PROOF}
    shared = {room(imported) for imported in imports(MODULES[module])} - known
    assert not shared, (
        f"{module} imports {shared}: write again what it needs of this, or the proof shares code "
        "with what it proves"
    )


def test_what_the_proof_shares_imports_nothing_of_what_it_proves() -> None:
    met, waiting = set(SHARED_WITH_THE_PROOF), list(SHARED_WITH_THE_PROOF)
    while waiting:
        further = {room(imported) for imported in imports(MODULES[waiting.pop()])} - met
        met |= further
        waiting += further
    assert met.isdisjoint({"render", "resolve", "design", "typefaces", "read", "mathematics"})


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_format_is_read_back_by_a_witness_and_made_by_a_renderer(form: Format) -> None:
    assert form.read.startswith("triptych.witness.")
    assert form.render.startswith("triptych.render.")
    for path in filter(None, (form.read, form.render, form.draft, form.engine)):
        assert callable(load(path)), f"{path}, in the row of {form.name}, is no function"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: set(imports(path)) for module, path in MODULES.items()}
    assert tuple(TopologicalSorter(graph).static_order())


TYPESETTER = "render.typesetter."
"""The only room that knows WeasyPrint, and pydyf, with which it writes."""


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(TYPESETTER)])
def test_only_the_typesetters_room_knows_weasyprint(module: str) -> None:
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            met = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            met = [node.module or ""]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            met = [node.value] if node.value.startswith(("weasyprint.", "pydyf.")) else []
        else:
            continue
        assert not {name.split(".")[0] for name in met} & {"weasyprint", "pydyf"}


def test_the_way_into_the_typesetters_room_is_loaded_without_weasyprint() -> None:
    way = "triptych.render.pdf.pages, triptych.render.epub.cover_image, triptych.render.pdf.screen"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {way}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"weasyprint", "pydyf"} & set(loaded)


def types_of(path: Path) -> Iterator[str]:
    """The public classes and aliases of types that a module defines."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        else:
            continue
        yield from (name for name in names if name[0].isupper() and not name.isupper())


def test_no_two_types_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for name in types_of(path):
            homes.setdefault(name, []).append(module)
    twice = {name: modules for name, modules in homes.items() if len(modules) > 1}
    assert twice == {}, "give the newer one another name, or one that begins with _"


def test_no_module_is_longer_than_400_lines() -> None:
    modules = MODULES | {path.name: path for path in PACKAGE.rglob("*.lua")}
    long = {m for m, path in modules.items() if path.read_text("utf-8").count("\n") > 400}
    assert not long, "divide it: one idea in each module"


def test_the_command_starts_without_loading_an_engine() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, triptych.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"weasyprint", "ebooklib", "lxml", "rich", "pypdfium2"} & set(loaded)

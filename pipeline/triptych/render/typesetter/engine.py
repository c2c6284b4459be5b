"""Loading WeasyPrint: a version that the mends fit, with the system's fonts out of its sight.

In: nothing. Out: `weasyprint` is imported, and knows the design's typefaces only.

The same source must give the same pages on every machine, so no font of the system may be used. The
usual way to hide them is a variable of the environment, which other processes that start meanwhile
would see too. Here fontconfig is told by its own functions instead.
"""

from __future__ import annotations

import functools
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from importlib.resources import files
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from triptych.design import styles_folder
from triptych.diagnostics import MachineError
from triptych.direction import Direction

FITS = ">=70,<71"
"""The versions of WeasyPrint that the mends may fit, as `pyproject.toml` asks for them."""
TRIED = "70.0"
"""The version of WeasyPrint that the mends were made for."""

_PATTERNS = {"fi": Path(__file__).with_name("hyph_fi.dic")}
"""Where words of a language may be divided, for those that Pyphen does not know."""

ALONE = threading.RLock()
"""Held while WeasyPrint is loaded or at work: what is mended in it is mended for all threads."""


def load() -> None:
    """Import WeasyPrint, which takes about half a second.

    Raises MachineError where it is missing or of a version that the mends do not fit, where the
    libraries it stands on are missing, or where they cannot be told the name of a folder.
    """
    _check_version()
    _check_names()
    try:
        with ALONE, _no_system_fonts(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "FontConfig cannot load|No fonts configured")
            import pyphen
            import weasyprint  # noqa: F401
        for language, patterns in _PATTERNS.items():
            pyphen.LANGUAGES.setdefault(language, patterns)
            pyphen.LANGUAGES_LOWERCASE.setdefault(language, language)
    except OSError as error:
        raise MachineError(
            f"WeasyPrint cannot load Pango ({error}); on Debian and Ubuntu install it with\n"
            "    apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None


def design_fonts(folder: Path) -> Any:
    """An empty set of typefaces for a layout, which keeps their files in `folder`.

    WeasyPrint's own folder would stay behind where a forked process ends
    (https://github.com/Kozea/WeasyPrint/issues/2090).
    """
    from weasyprint.text.fonts import FontConfiguration

    with _no_system_fonts():
        fonts = FontConfiguration()
    fonts._folder = folder
    return fonts


def embedding_levels(text: str, base: Direction) -> bytes:
    """The level of each letter of a text by the bidirectional algorithm (UAX #9), as Pango has it.

    WeasyPrint must be loaded.
    """
    bindings = _bindings()
    way = bindings.ffi.new("unsigned int *", 1 if base == "rtl" else 0)
    data = text.encode()
    levels = bindings.pango.pango_log2vis_get_embedding_levels(data, len(data), way)
    try:
        return bytes(bindings.ffi.buffer(levels, len(text)))
    finally:
        bindings.gobject.g_free(levels)


def srgb_profile() -> bytes:
    """The colour profile sRGB that comes with WeasyPrint: the ICC's own, free to embed."""
    load()
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def _check_version() -> None:
    try:
        found = metadata.version("weasyprint")
    except metadata.PackageNotFoundError:
        found = ""
    if found.split(".")[0] != TRIED.split(".")[0]:
        raise MachineError(
            f"WeasyPrint {found or 'is missing'}: Triptych needs {FITS}; install it with\n"
            f"    pip install 'weasyprint{FITS}'"
        )


def _check_names() -> None:
    """Fontconfig takes names of files in UTF-8 only, and crashes where it finds no typeface."""
    named = f"{styles_folder()}{tempfile.gettempdir()}"
    if sys.getfilesystemencoding() != "utf-8" and not named.isascii():
        raise MachineError(
            f"the typesetter cannot be told of folders such as {named!a} while the names of "
            f"files are in {sys.getfilesystemencoding()}: set PYTHONUTF8=1"
        )


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """While it lasts, fontconfig gives WeasyPrint empty configurations instead of the system's."""
    fontconfig = _bindings().fontconfig
    name = "FcInitLoadConfigAndFonts"
    original = getattr(fontconfig, name)
    # cffi keeps the functions of a library here once they are asked for, and cannot set them.
    functions = vars(fontconfig)
    functions[name] = functools.partial(_empty_configuration, fontconfig)
    try:
        yield
    finally:
        functions[name] = original


def _empty_configuration(fontconfig: Any) -> Any:
    configuration = fontconfig.FcConfigCreate()
    fontconfig.FcConfigBuildFonts(configuration)  # makes the empty set of fonts
    return configuration


@functools.cache
def _bindings() -> Any:
    """WeasyPrint's module of bindings to Pango and fontconfig.

    It is loaded before WeasyPrint, which asks for the system's fonts as soon as it is imported.
    """
    name = "weasyprint.text.ffi"
    if name not in sys.modules:
        package = find_spec("weasyprint")
        assert package is not None
        assert package.origin is not None
        spec = spec_from_file_location(name, Path(package.origin).parent / "text" / "ffi.py")
        assert spec is not None
        assert spec.loader is not None
        module: Any = module_from_spec(spec)
        # Where a library is missing it prints a page on how to install; MachineError says it too.
        module.print = lambda *_: None
        spec.loader.exec_module(module)
        sys.modules[name] = module
    bindings: Any = sys.modules[name]
    bindings.ffi.cdef(
        "FcConfig * FcConfigCreate (void);"
        "FcBool FcConfigBuildFonts (FcConfig *config);"
        "FcBool FcConfigSetCurrent (FcConfig *config);"
        "unsigned char * pango_log2vis_get_embedding_levels"
        " (const char *text, int length, unsigned int *pbase_dir);"
        "void g_free (void *mem);",
        override=True,
    )
    # Pango loads the process's own configuration in a thread where there is none yet.
    bindings.fontconfig.FcConfigSetCurrent(_empty_configuration(bindings.fontconfig))
    return bindings

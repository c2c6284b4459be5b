"""`triptych new`: a folder with a first article, which builds as it comes."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from triptych.commands.output import Commands, write
from triptych.diagnostics import Exit, UsageError
from triptych.page_design import THEMES
from triptych.printing import say

EXAMPLES = """\
examples:
  triptych new my-article                    asks for title, author, theme and style
  triptych new my-article --title "Tides" --author "Ada Byron" --csl apa
  triptych build my-article

exit codes:
  0  done
  2  the command was called wrongly, or the folder is not empty
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    new = commands.add_parser(
        "new",
        help="begin a work: a folder with a first article, which builds as it comes",
        description="Make a folder with an edition record, an article, a bibliography and a "
        "figure, to be written over. In a terminal it asks for what is not given.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    new.add_argument("folder", type=Path, metavar="DIR", help="the folder to make")
    new.add_argument("--title", help="the title of the work (default: the folder's name)")
    new.add_argument("--author", help="its author, as the title page names them")
    new.add_argument("--language", default="en", metavar="TAG", help="its language (default: en)")
    new.add_argument("--csl", metavar="STYLE", help="the citation style; see `triptych styles`")
    new.add_argument("--theme", choices=THEMES, help="how its pages look (default: essay)")
    new.set_defaults(run=_run, quiet=False, json=False)


def _run(args: argparse.Namespace) -> int:
    from triptych.new_work import NewWork, files_of
    from triptych.read.csl import StyleProblem, find_style
    from triptych.read.paths import ANYWHERE
    from triptych.record import DEFAULT_STYLE

    folder: Path = args.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder: name another")
    name = folder.resolve().name.replace("-", " ").replace("_", " ")
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    title = _asked("Title", args.title, name.capitalize(), asks)
    author = _asked("Author", args.author, "", asks)
    style = _asked("Citation style", args.csl, DEFAULT_STYLE, asks)
    try:
        found = find_style(style, Path(), ANYWHERE)
    except StyleProblem as problem:
        raise UsageError(f"{problem}: {problem.hint}") from None
    theme = _asked(f"Theme ({', '.join(THEMES)})", args.theme, THEMES[0], asks)
    if theme not in THEMES:
        raise UsageError(f"there is no theme {theme}: choose one of {', '.join(THEMES)}")
    today = date.today().isoformat()
    work = NewWork(title, author, args.language, found.name, theme, today)
    for path, text in files_of(work).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write(folder / path, text)
    say(f"{folder} holds a first article: write over article.md and references.bib, then")
    say(f"    triptych build {folder}")
    return Exit.DONE


def _asked(what: str, given: str | None, usual: str, asks: bool) -> str:
    """What was given, or is answered in a terminal, or else the usual."""
    if given is not None or not asks:
        return given or usual
    shown = f" [{usual}]" if usual else ""
    return input(f"{what}{shown}: ").strip() or usual

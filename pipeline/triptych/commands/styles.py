"""`triptych styles`: citation styles by a part of their name."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from triptych.commands.output import Commands
from triptych.diagnostics import Exit, UsageError, counted
from triptych.printing import say, say_json

EXAMPLES = """\
examples:
  triptych styles chicago            all whose name or title has the word
  triptych styles chicago notes      all the words
  triptych styles history --format note
  triptych build paper.md --csl chicago-notes-bibliography

exit codes:
  0  done
  2  the command was called wrongly, or no style is called so
"""
_FORMATS = ("author", "author-date", "label", "note", "numeric")
_MOST = 25


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    styles = commands.add_parser(
        "styles",
        help="find a citation style by a part of its name",
        description="List the CSL styles that have all the words in their name or title: the name "
        "to give to --csl or `csl:`, and the title.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    styles.add_argument("words", nargs="+", metavar="WORD", help="words of a name or title")
    styles.add_argument("--format", choices=_FORMATS, default="", help="only styles that cite so")
    styles.add_argument("--all", action="store_true", help=f"list all, not the first {_MOST}")
    styles.add_argument("--json", action="store_true", help="print the result as JSON")
    styles.set_defaults(run=_run, quiet=False)


def _run(args: argparse.Namespace) -> int:
    from triptych.read.csl_search import find_styles

    query = " ".join(args.words)
    found = find_styles(query, args.format)
    if not found:
        of = f" that cites by {args.format}" if args.format else ""
        raise UsageError(f"no citation style{of} is called {query}: try fewer words")
    shown = found if args.all else found[:_MOST]
    if args.json:
        say_json([asdict(style) for style in shown], indent=1)
        return Exit.DONE
    width = max(len(style.name) for style in shown)
    for style in shown:
        cites = f" ({style.citation_format})" if style.citation_format else ""
        say(f"{style.name:{width}}  {style.title}{cites}")
    if len(shown) < len(found):
        say(f"and {counted(len(found) - len(shown), 'more style')}: --all lists them", error=True)
    return Exit.DONE

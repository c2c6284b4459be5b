"""Witnesses: the finished files, read back as a stranger reads them.

Each reader takes the bytes of one file, and finds what a person sees in it and where its links
lead. It knows nothing about how the file was made, and shares no code with what made it, except the
measure of text (`triptych.text`). Ids and link targets show the way, but what is said comes only
from what can be seen.

For a PDF, `interpreter` and `graphics` follow what a page paints. `visibility` finds which glyphs
are seen. `reader` writes them onto a `transcript` in the order of the tags. `annotations` finds
their links, and `running_heads` what is left over. For HTML and EPUB, `stylesheets` reads the style
sheets, `cascade` applies them, `computed` and `visibility` find what becomes of an element's text,
and `markup` reads it.
"""

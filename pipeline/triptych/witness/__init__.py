"""Witnesses: the finished files, read back as a stranger reads them.

Each reader takes the bytes of one file and tells what a reader of it sees and where its links
lead. It knows nothing of how the file was made and shares no code with what made it; only the
measure of text (`triptych.text`) is common. Ids and link targets show the way, but what is said
comes from what can be seen.

Of a PDF, `interpreter` and `graphics` follow what a page paints, `visibility` tells which glyphs
are seen, `reader` writes them onto a `transcript` in the order of the tags, `annotations` finds
their links, and `running_heads` what is left over. Of HTML and EPUB, `stylesheets` reads the style
sheets, `cascade` follows them, `computed` and `visibility` tell what becomes of an element's text,
and `markup` reads that.
"""

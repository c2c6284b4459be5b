"""Witnesses: the finished files, read back as a stranger reads them.

Each reader takes the bytes of one file and tells what a reader of it sees and where its links
lead. It knows nothing of how the file was made and shares no code with what made it; only the
measure of text (`triptych.text`) is common. Ids and link targets show the way, but what is said
comes from what can be seen.

Of a PDF, `content` and `graphics` follow what a page paints, `shown` tells which glyphs are seen,
`pdf` reads them in the order of the tags onto a `desk`, `annotations` finds their links, and
`furniture` what is left over. Of a marked-up page, `sheets` reads the style sheets, `sight` follows
their cascade, `view` and `judge` tell what becomes of an element's text, `markup` reads that.
"""

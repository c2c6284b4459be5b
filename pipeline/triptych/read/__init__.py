"""Reading: the files of a work become a `Source`. Every mistake is noted with its place.

A work's text, of one file or of a book's many, becomes one manuscript; its front matter or
`edition.toml` becomes the record. Its bibliography and its citation style are read as well.
"""

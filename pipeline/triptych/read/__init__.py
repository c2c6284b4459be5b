"""Reading: a source as it lies on disk becomes a `Source`, every mistake noted with its place.

A work's text, of one file or of a book's many, becomes one manuscript; its front matter or
`edition.toml` becomes the record; its bibliography and its citation style are read beside it.
"""

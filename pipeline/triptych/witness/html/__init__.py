"""Reading HTML and EPUB back: markup and style sheets in, what a reader sees out."""

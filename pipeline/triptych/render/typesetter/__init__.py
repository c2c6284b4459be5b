"""WeasyPrint, and all that is mended in it."""

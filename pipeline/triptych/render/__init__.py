"""Renderers: one resolved edition in, one finished file's bytes out, each format in its file."""

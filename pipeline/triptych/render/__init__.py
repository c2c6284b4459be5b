"""Renderers: a resolved edition in, the bytes of finished files out. Each format has a folder."""

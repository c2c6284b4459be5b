"""The commands, one per module: `add` adds it to the parser, and its `_run` runs it."""

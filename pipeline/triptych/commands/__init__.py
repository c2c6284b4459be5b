"""The commands, one a module: `add` tells the parser of one, its `_run` does what it is asked."""

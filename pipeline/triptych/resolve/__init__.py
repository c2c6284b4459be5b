"""Resolving: a `Source` becomes an `Edition`. Citations are formatted once, everything is numbered.

`passes` is the way through: one run of pandoc, then a table of passes over the tree, each of which
settles one thing before any format is rendered; at the end the ledger of what all must say.
"""

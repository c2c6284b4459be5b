"""Resolving: a `Source` becomes an `Edition`. Citations are formatted once, everything is numbered.

`document` is the way through: one run of pandoc, then a pass over the tree for each thing that
must be settled before any format is rendered, and at the end the ledger of what all must say.
"""

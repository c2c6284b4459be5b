"""Mutants: finished files damaged the way software damages them, to try the collation by.

A proof is worth what it refuses. Each damage here changes what a reader sees or where a link
leads, in the bytes of one finished file; `suite` makes the mutants and asks the collation about
each. Nothing is shared with the code that reads the files back: a mistake of its own would
otherwise blind both.
"""

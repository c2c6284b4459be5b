"""A catalogue: many works built in one go, each on its own.

`works` reads the list of works, `run` builds them side by side, `report` writes what became of
them.
"""

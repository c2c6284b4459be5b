"""The check: is a finished edition fit to ship?

`editions` finds the files, `examine` runs the collation and every validator on them. `place` and
`trace` lead a finding back to the source, `report` and `sarif` show what was found.
"""

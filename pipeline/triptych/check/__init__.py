"""The check: is a finished edition fit to ship?

`examine` asks the collation and every validator, `editions` finds the files, `place` and `trace`
lead a finding back to the source, `report` and `sarif` tell what was found.
"""

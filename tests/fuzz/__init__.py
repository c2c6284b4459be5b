"""Fuzzing: every reader of files from outside is given bytes that no program ever wrote.

`targets.py` lists the readers, `guard.py` holds them to what docs/untrusted.md promises, and
`__main__.py` lets atheris, which is guided by coverage, look for bytes that break a promise.
`seeds/` holds small files to begin with, a folder for each target; `findings/` holds what was
found, which `tests/test_fuzz.py` tries again each time the tests run.
"""

from pathlib import Path

Path("refs.bib").write_text(
    '@string{a = b # "x"}\n@string{b = a # "x"}\n@book{k, title = a # b, year = 2001}\n'
)
Path("paper.md").write_text("---\nbibliography: refs.bib\n---\n\nText [@k].\n")

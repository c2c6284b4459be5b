from pathlib import Path

lines = ['@string{a0 = "xxxxxxxxxx"}']
lines += [f"@string{{a{n} = a{n - 1} # a{n - 1}}}" for n in range(1, 41)]
Path("refs.bib").write_text("\n".join(lines) + "\n@book{k, title = a40, year = 2001}\n")
Path("paper.md").write_text("---\nbibliography: refs.bib\n---\n\nText [@k].\n")

from pathlib import Path

Path("refs.bib").write_text(
    "".join(f"@book{{k{n}, title = {{T}}, crossref = {{k{n + 1}}}}}\n" for n in range(50_000))
)
Path("paper.md").write_text("---\nbibliography: refs.bib\n---\n\nText [@k0].\n")

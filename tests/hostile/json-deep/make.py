from pathlib import Path

Path("refs.json").write_text("[" * 100_000 + "]" * 100_000)
Path("paper.md").write_text("---\nbibliography: refs.json\n---\n\nText [@a].\n")

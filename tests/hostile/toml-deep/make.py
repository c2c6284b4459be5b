from pathlib import Path

Path("edition.toml").write_text("title = " + "[" * 50_000 + "]" * 50_000 + "\n")
Path("article.md").write_text("Text.\n")

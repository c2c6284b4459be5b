from pathlib import Path

Path("paper.md").write_text("<!-- a\n" * 200_000 + "[" * 30 + "x" + "]" * 30 + "\n")

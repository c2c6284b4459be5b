from pathlib import Path

Path("paper.md").write_text("![" * 30 + "x" + "]" * 30 + "\n")

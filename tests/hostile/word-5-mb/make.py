from pathlib import Path

Path("paper.md").write_text("Text " + "x" * 5_000_000 + "\n")

from pathlib import Path

Path("paper.md").write_text("words " * 8_500_000 + "\n")

from pathlib import Path

Path("paper.md").write_text(">" * 300 + " Text.\n")

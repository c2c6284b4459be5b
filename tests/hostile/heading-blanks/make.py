from pathlib import Path

Path("paper.md").write_text("# Title" + " " * 6000 + "x\n\nText.\n")

from pathlib import Path

Path("paper.md").write_text("Text " + "[{" * 30 + "x" + "}]" * 30 + "\n")

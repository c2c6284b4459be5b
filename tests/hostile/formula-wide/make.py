from pathlib import Path

Path("paper.md").write_text("$" + "x+" * 20_000 + "y$\n")

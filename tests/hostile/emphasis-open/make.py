from pathlib import Path

Path("paper.md").write_text("*a **b " * 10_000 + "\n")

from pathlib import Path

Path("paper.md").write_text("$" + r"\frac{1}{" * 2000 + "x" + "}" * 2000 + "$\n")

from pathlib import Path

Path("paper.md").write_text(f"![A figure]({'n' * 300}.svg)\n")

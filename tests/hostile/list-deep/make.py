from pathlib import Path

Path("paper.md").write_text("".join("  " * n + "- item\n" for n in range(1000)))

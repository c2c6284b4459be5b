from pathlib import Path

Path("paper.md").write_text("<span>" * 3000 + "Text." + "</span>" * 3000 + "\n")

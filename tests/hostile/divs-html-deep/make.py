from pathlib import Path

Path("paper.md").write_text("<div>" * 3000 + "\n\nText.\n\n" + "</div>" * 3000 + "\n")

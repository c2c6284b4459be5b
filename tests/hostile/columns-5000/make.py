from pathlib import Path

Path("paper.md").write_text(
    "|" + " a |" * 5000 + "\n|" + "---|" * 5000 + "\n|" + " b |" * 5000 + "\n"
)

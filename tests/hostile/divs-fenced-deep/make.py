from pathlib import Path

Path("paper.md").write_text(
    "".join(f"{':' * (1003 - n)} a\n\n" for n in range(1000))
    + "Text.\n\n"
    + "".join(f"{':' * (n + 3)}\n\n" for n in range(1, 1001))
)

from pathlib import Path

Path("paper.md").write_text(
    "---\ntitle: Deep\nabstract: " + "[" * 50_000 + "]" * 50_000 + "\n---\n\nText.\n"
)

from pathlib import Path

Path("paper.md").write_text('---\ntitle: "A \\e[31m\\0 title"\n---\n\nText.\n')

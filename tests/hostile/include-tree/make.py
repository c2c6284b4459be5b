from pathlib import Path

for n in range(8):
    Path(f"{n}.md").write_text(f"Text.\n\n{{{{< include {n + 1}.md >}}}}\n\n" * 40)
Path("8.md").write_text("End.\n" * 1000)
Path("0.md").rename("paper.md")

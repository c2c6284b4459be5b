from pathlib import Path

page = Path("dist/paper.html")
text = page.read_text("utf-8")
many = " ".join(f"data-{n}=x" for n in range(100_000))
page.write_text(text.replace("<main", f"<p {many}>x</p><main"), "utf-8")

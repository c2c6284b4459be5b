from pathlib import Path

page = Path("dist/paper.html")
text = page.read_text("utf-8")
page.write_text(text.replace("<main", "<div>" * 20_000 + "<main"), "utf-8")

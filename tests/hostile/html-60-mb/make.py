from pathlib import Path

page = Path("dist/paper.html")
text = page.read_text("utf-8")
page.write_text(text.replace("</main>", "<p>x</p>" * 7_500_000 + "</main>"), "utf-8")

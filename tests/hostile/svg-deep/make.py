from pathlib import Path

body = "<g>" * 20_000 + '<rect width="1" height="1"/>' + "</g>" * 20_000
Path("a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{body}</svg>')

from pathlib import Path

body = '<rect x="1" y="1" width="1" height="1"/>' * 400_000
Path("a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{body}</svg>')

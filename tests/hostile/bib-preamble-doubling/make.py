from pathlib import Path

commands = ""
for n in range(97, 117):
    calls = f"\\x{chr(n + 1)}" * 8
    commands += f"\\newcommand{{\\x{chr(n)}}}{{{calls}}}"
Path("refs.bib").write_text(
    f'@preamble{{"{commands}"}}\n@book{{k, title = {{\\xa}}, year = 2001}}\n'
)
Path("paper.md").write_text("---\nbibliography: refs.bib\n---\n\nText [@k].\n")

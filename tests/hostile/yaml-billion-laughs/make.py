from pathlib import Path

lines = ["a0: &a0 [lol]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 80))]
Path("paper.md").write_text("\n".join(["---", *lines, "abstract: *a79", "---", "", "Text.", ""]))

"""Ends of lines in the source: no space between Chinese or Japanese signs, one everywhere else."""

from __future__ import annotations

import re

import pytest
from conftest import Desk

from triptych.press import build

CASES = {
    # Chinese and Japanese: whatever the signs stand in.
    "中文\n句子": "中文句子",
    "日本語、\nかな": "日本語、かな",
    "カタ\nカナ": "カタカナ",
    "`代码`\n下一行": "代码下一行",
    "[链接](https://example.org)\n下一行": "链接下一行",
    "*强调*\n**强调**": "强调强调",
    "句子。\n「引用」": "句子。「引用」",
    "句子，\n“引用”": "句子，“引用”",
    '句子\n"引用"\n句子': "句子“引用”句子",
    "字^[注\n释。]\n下": "字1下",
    "[词\n词]{.x}\n字": "词词字",
    "全角，\n𠮷野家": "全角，𠮷野家",
    # Beside letters and figures a line's end is a space.
    "中文\nLatin\n中文": "中文 Latin 中文",
    "`code`\n下一行": "code 下一行",
    "有 3\n字": "有 3 字",
    "$x$\n字": "x 字",
    "字\n[@lovelace1843]\n字": "字 (Lovelace) 字",
    # Korean has spaces.
    "한국어\n문장": "한국어 문장",
    "`코드`\n다음 줄": "코드 다음 줄",
    "*강조*\n[고리](https://example.org)\n다음": "강조 고리 다음",
    "漢字\n한글\n漢字": "漢字 한글 漢字",
    # Elsewhere nothing changes.
    "“One”\n“two” — \nthree": "“One” “two” — three",
    "สวัสดี\nครับ": "สวัสดี ครับ",
    "中文 句子": "中文 句子",
}


@pytest.mark.parametrize("language", ["zh", "ja", "ko", "en"])
def test_a_line_ends_with_a_space_or_without_one(language: str, desk: Desk) -> None:
    body = "\n\n".join(f"Start {written} end." for written in CASES)
    edition = desk.edition(body, f"lang: {language}\n")
    paragraphs = [" ".join(line.split()) for line in edition.ledger.text.plain.split("\n")]
    marks = str.maketrans("「」『』", "“”“”")
    wanted = [f"Start {printed} end.".translate(marks) for printed in CASES.values()]
    assert [line.translate(marks) for line in paragraphs[: len(wanted)]] == wanted


def test_the_editions_agree_on_the_ends_of_lines(desk: Desk) -> None:
    paper = desk.paper("\n\n".join(f"{written}。" * 9 for written in CASES), "lang: ja\n")
    assert build(paper, out=desk.folder / "out").collation.passed
    page = (desk.folder / "out" / "paper.html").read_text(encoding="utf-8")
    assert "代码</code>下一行" in re.sub("<code>", "", page)

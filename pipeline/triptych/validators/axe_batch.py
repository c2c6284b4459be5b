"""Runs axe-core on pages in headless Chromium; a program by itself, without the rest of Triptych.

In, on standard input: a JSON object with the paths of `pages`, `script` and `chromium`; `looks`,
each with the viewport's `width` and `height` and the colour `scheme`; axe's `tags`, and `timeout`
in seconds for what is done to a page. Out: for each page, and in it for each look, axe's report,
JSON, in that order.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser

RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations', 'incomplete']})"


async def main(asked: dict[str, Any]) -> None:
    """Print the reports. The looks of a page are had at once, for each is a process of its own."""
    from playwright.async_api import async_playwright

    async with async_playwright() as player:
        # No sandbox: containers and root have none. This program has one, and no network.
        browser = await player.chromium.launch(
            executable_path=asked["chromium"],
            chromium_sandbox=False,
            timeout=asked["timeout"] * 1000,
        )
        for path in asked["pages"]:
            looks = [_report(browser, path, look, asked) for look in asked["looks"]]
            for report in await asyncio.gather(*looks):
                print(json.dumps(report))
        await browser.close()


async def _report(browser: Browser, path: str, look: dict[str, Any], asked: dict[str, Any]) -> Any:
    """What axe says about a page, opened in a context of its own."""
    context = await browser.new_context(
        viewport={"width": look["width"], "height": look["height"]},
        color_scheme=look["scheme"],
        reduced_motion="reduce",  # in the middle of an animation, colours are different
        offline=True,
        bypass_csp=True,
    )
    context.set_default_timeout(asked["timeout"] * 1000)
    page = await context.new_page()
    await page.goto(Path(path).as_uri())
    await page.evaluate("document.fonts.ready.then(() => true)")
    await page.evaluate(Path(asked["script"]).read_text("utf-8"))
    report = await page.evaluate(RUN, asked["tags"])
    await context.close()
    return report


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))

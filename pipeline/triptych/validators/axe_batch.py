"""Runs axe-core on pages in headless Chromium; a program by itself, without the rest of Triptych.

In, on standard input: a JSON object with the paths of `pages`, `script` and `chromium`, the
viewport's `width` and `height`, the colour `scheme`, axe's `tags` and `timeout` in seconds for each
page. Out: axe's report on each page, JSON, in that order.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations', 'incomplete']})"


def main(asked: dict[str, Any]) -> None:
    """Print a report on each page, each opened in a context of its own."""
    from playwright.sync_api import sync_playwright

    script = Path(asked["script"]).read_text("utf-8")
    milliseconds = asked["timeout"] * 1000
    with sync_playwright() as player:
        # No sandbox: containers and root have none. This program has one, and no network.
        browser = player.chromium.launch(
            executable_path=asked["chromium"], chromium_sandbox=False, timeout=milliseconds
        )
        for path in asked["pages"]:
            context = browser.new_context(
                viewport={"width": asked["width"], "height": asked["height"]},
                color_scheme=asked["scheme"],
                reduced_motion="reduce",  # in the middle of an animation, colours are different
                offline=True,
                bypass_csp=True,
            )
            context.set_default_timeout(milliseconds)
            page = context.new_page()
            page.goto(Path(path).as_uri())
            page.evaluate("document.fonts.ready.then(() => true)")
            page.evaluate(script)
            print(json.dumps(page.evaluate(RUN, asked["tags"])))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(json.load(sys.stdin))

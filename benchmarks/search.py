"""Search the web edition of a long book in Chromium, and print how long it takes.

    python benchmarks/search.py [PAGES]

The book is that of `scale.py`. Out: its letters; for each query the seconds from the last key until
all results are counted; the longest time a key waited for its letter to be shown, and the longest
time the page was busy at a stretch, both in milliseconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from scale import write_book

from triptych.press import build
from triptych.validators.chromium import chromium

QUERIES = ("harbour register", "the", '"careful captain" voyage', "a", "zzz")
WATCH = """() => {
  window.busy = [0]; window.waits = [0];
  new PerformanceObserver((list) => list.getEntries().forEach((task) => busy.push(task.duration)))
    .observe({ entryTypes: ["longtask"] });
  document.addEventListener("input", () => {
    const begun = performance.now();
    requestAnimationFrame(() => waits.push(performance.now() - begun));
  }, true);
}"""
TOLD = "document.querySelector('.told').textContent"


def main() -> None:
    """Build the book and search it."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        write_book(Path(scratch), int(sys.argv[1]) if sys.argv[1:] else 1000)
        made = build(scratch, out=Path(scratch) / "dist", formats=("html",))
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(made.files[0].as_uri())
        print(f"{len(page.locator('main').text_content() or ''):,} letters")
        page.evaluate(WATCH)
        page.locator("#search").press_sequentially(QUERIES[0], delay=60)
        for query in QUERIES:
            page.locator("#search").fill("")
            page.wait_for_function(f"{TOLD} === ''")
            begun = time.perf_counter()
            page.locator("#search").fill(query)
            page.wait_for_function(f"{TOLD} !== ''")
            print(f"{time.perf_counter() - begun:6.2f} s  {query}  ({page.evaluate(TOLD)})")
        print(f"{page.evaluate('Math.max(...waits)'):6.0f} ms until a letter is shown")
        print(f"{page.evaluate('Math.max(...busy)'):6.0f} ms busy at a stretch")
        browser.close()


if __name__ == "__main__":
    main()

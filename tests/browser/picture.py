"""The README's picture: the first screen of a run's index.html, 1280 by 900, light.

    python tests/browser/picture.py [RUN or index.html] [OUTPUT.png]

Without arguments: runs/demo/index.html, drawn to README.png at the repository's root.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from conftest import ARGUMENTS
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent.parent


def draw_picture(page: Path, to: Path) -> None:
    """Write the page's first screen as PNG."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("no Chromium on this machine: install one (Debian: apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        tab = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light", device_scale_factor=1)
        tab.goto(page.resolve().as_uri())
        tab.screenshot(path=str(to))
        browser.close()


def main(arguments: list[str]) -> None:
    """Read the two optional arguments and draw."""
    page = Path(arguments[0]) if arguments else ROOT / "runs" / "demo" / "index.html"
    page = page / "index.html" if page.is_dir() else page
    if not page.is_file():
        sys.exit(f"{page} is not there: run `make demo` first, or name a run folder")
    to = Path(arguments[1]) if len(arguments) > 1 else ROOT / "README.png"
    draw_picture(page, to)
    print(to)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Pictures of each page at two widths in both themes, of a run over the seeds: `python -m tools.screenshots [FOLDER]`.

They need Debian's Chromium (or CHROMIUM=/path) and the packages of `[dev]`.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import searcher
from benchmarks.webserver import running

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs" / "pictures"
WIDTHS: Final = {360: 780, 1280: 900}
THEMES: Final = ("light", "dark")
PAGES: Final = {
    "search": "/?q=mai+dam+son+la",
    "article": "/article/b15f0361347245e6?q=mai+dam+son+la",
    "case": "/article/ee831ce51151f0de?q=heroin",
    "trends": "/trends?by=topic",
    "index": "/index",
}
CHROMIUM_OPTIONS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_COLOURS: Final = 64


def chromium() -> str | None:
    """Return where a Chromium is, None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _small(png: bytes) -> bytes:
    """Return the picture with few colours: a page has hardly more."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def main() -> None:
    """Take the pictures."""
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        searcher.index_paths(Path(work) / "index", [ROOT / "seeds"])
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_OPTIONS))
        with running(Path(work) / "index") as address:
            for theme in THEMES:
                for width, height in WIDTHS.items():
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=theme, locale="vi-VN"
                    )
                    page = context.new_page()
                    for name, path in PAGES.items():
                        page.goto(address + path)
                        target = folder / f"{name}-{width}-{theme}.png"
                        target.write_bytes(_small(page.screenshot()))
                        print(target, target.stat().st_size)
                    context.close()
        browser.close()


if __name__ == "__main__":
    main()

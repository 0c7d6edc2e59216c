"""How long the pages of a registration take on a slow line, in Chromium, on a running site.

    .venv/bin/python -m benchmarks.slow_line http://127.0.0.1:8000

Signs in as the demo account `village` and opens each page of its draft over 250 kbit/s with a
latency of 300 ms and over 400 kbit/s with 400 ms, once with an empty cache and once more.
"""

import argparse
import os
import time
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from registry.settings import DEMO_PASSWORD

LINES = {"250 kbit/s, 300 ms": (250, 300), "400 kbit/s, 400 ms": (400, 400)}
STEPS = ("", "household/", "members/", "incomes/", "living/", "causes/", "consent/", "check/")
BITS, KILO = 8, 1000
LONGEST_WAIT_MS = 90_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slow_line")
    parser.add_argument("site", help="address of a running demonstration")
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.set_default_timeout(LONGEST_WAIT_MS)
        draft = begun(page, options.site)
        print(f"{'page':<12}" + "".join(f"{name:>24}" for name in LINES))
        for step in STEPS:
            told = [
                f"{cold:6.1f} s, {warm:4.1f} s again"
                for cold, warm in _on_lines(page, draft + step)
            ]
            print(f"{step or 'task list':<12}" + "".join(f"{one:>24}" for one in told))
        browser.close()


def begun(page: Page, site: str) -> str:
    """The address of an open draft of the village."""
    page.goto(f"{site}/sign-in/")
    page.fill("[name=username]", "village")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto(f"{site}/register/")
    page.click("main table a, main li a")
    return page.url


def _on_lines(page: Page, address: str) -> Iterator[tuple[float, float]]:
    """Seconds until the page can be used, with an empty cache and again, on each line."""
    session = page.context.new_cdp_session(page)
    for kilobits, latency in LINES.values():
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency,
                "downloadThroughput": kilobits * KILO / BITS,
                "uploadThroughput": kilobits * KILO / BITS,
            },
        )
        yield _opened(page, address), _opened(page, address)
    session.detach()


def _opened(page: Page, address: str) -> float:
    started = time.monotonic()
    page.goto(address, wait_until="domcontentloaded")
    return time.monotonic() - started


if __name__ == "__main__":
    main()

"""Holds a page against WCAG 2.2 AA."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "resultTypes": ["violations"],  # what passes need not be told element by element
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
LOAD = f"{AXE_SCRIPT}; null"
FAULTS = """rules => axe.run(document, rules).then(found => found.violations.map(
  rule => `${rule.id}: ${JSON.stringify(rule.nodes.map(node => node.target))}`))"""


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is shown: rule and elements, nothing when it is clean.

    Only that comes out of the browser; all that axe has to tell of a page is megabytes.
    """
    page.wait_for_load_state()  # a click that leads on returns before the next page is there
    page.evaluate(LOAD)
    found: list[str] = page.evaluate(FAULTS, RULES)
    return found

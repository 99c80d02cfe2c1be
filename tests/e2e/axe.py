"""What axe finds fault with on the page that is open."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")


def violations(page: Page, *more: str) -> list[dict[str, Any]]:
    """By these rules and more. What held is not told in full: that took longer than the look."""
    options = {"runOnly": [*WCAG, *more], "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return found


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """Each broken rule, good habits included, with where it is broken."""
    found = violations(page, "best-practice")
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]

"""The Tab key alone: wherever the focus stands, it is seen and nothing lies over it."""

from typing import Any

from playwright.sync_api import Page

# The calendar within a field for a date has a ring of the browser's own, which no page can read.
FOCUS = """() => {
  const here = document.activeElement, shown = here.closest(".choices label") ?? here;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const inside = box.top < innerHeight && box.bottom > 0
                 && (box.height > innerHeight || box.top >= 0 && box.bottom <= innerHeight + 1);
  const x = box.left + Math.min(box.width, innerWidth) / 2, y = box.top + box.height / 2;
  const on = document.elementFromPoint(x, y);
  const own = on?.closest("label")?.control === here;
  const free = !on || own || shown.contains(on) || on.contains(shown);
  return { says: (here.labels?.[0] ?? here).textContent.trim(), kind: here.type || here.tagName,
           left: here === document.body, under: on?.outerHTML.slice(0, 80),
           seen: inside && free && (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
                            || here.type === "date" && !here.matches(":focus-visible")) };
}"""

FRAMES = 10


def tab(page: Page, key: str = "Tab") -> dict[str, Any]:
    """One press; where the focus stands then."""
    page.keyboard.press(key)
    for _ in range(FRAMES):  # the page scrolls there
        focus: dict[str, Any] = page.evaluate(FOCUS)
        if focus["left"] or focus["seen"]:
            return focus
        page.evaluate("new Promise(done => requestAnimationFrame(done))")
    raise AssertionError(focus)


def tab_to(page: Page, *, kind: str = "", says: str = "", most: int = 30) -> None:
    """On to the next field of this kind, or to what says this."""
    for _ in range(most):
        focus = tab(page)
        if focus["kind"] == kind or (says and focus["says"] == says):
            return
    raise AssertionError(f"No key leads to {kind or says} on {page.url}.")

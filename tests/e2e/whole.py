"""Whether a page is whole as it is shown: nothing cut off or over another, no way sideways."""

from playwright.sync_api import Page

# A page of twice the size has half the width and half the height to show itself in.
LAID_OUT = """() => {
  const told = [], root = document.documentElement
  const all = kinds => [...document.querySelectorAll(kinds)].filter(seen)
  const seen = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .skip")
                    && !e.closest("details:not([open]) > :not(summary)")
  const inline = e => getComputedStyle(e).display === "inline"
  const words = e => e.ariaLabel || e.textContent || e.name || ""
  const name = e => `${e.tagName} ${words(e).trim().slice(0, 40)}`

  const sideways = root.scrollWidth - root.clientWidth
  if (sideways > 0) told.push(`sideways by ${sideways}`)
  for (const e of all("p, h1, h2, h3, dd, td, th, label, strong, a, button")) {
    if (inline(e)) continue
    if (e.scrollWidth > e.clientWidth + 1) told.push(`cut off: ${name(e)}`)
    if (e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("[style*=overflow], .table"))
      told.push(`outside: ${name(e)}`)
  }

  const bar = e => e.closest(".reach") !== null
  const boxes = all("a, button, input:not([type=hidden]), select, textarea, summary")
    .filter(e => !inline(e)).map(e => [e, e.getBoundingClientRect()])
  boxes.sort((one, other) => one[1].top - other[1].top)
  boxes.forEach(([one, a], at) => {
    for (const [other, b] of boxes.slice(at + 1)) {
      if (b.top >= a.bottom - 1) break
      if (bar(one) !== bar(other) || one.contains(other) || other.contains(one)) continue
      if (b.left < a.right - 1 && a.left < b.right - 1)
        told.push(`over each other: ${name(one)} / ${name(other)}`)
    }
  })
  return told
}"""


def laid_out(page: Page) -> list[str]:
    """What is wrong with the page at the size it has."""
    found: list[str] = page.evaluate(LAID_OUT)
    return found

"""The page docs/generated/notes.md, made from the rows."""

from kapstone.notes.rows import content

_HEAD = """# What of a private note belongs in the chart, version {version}

Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.

Before a private note is sealed its author is asked about each kind that a word of it looks like. A
word that ends in * is the beginning of one; a unit counts after a number. It asks, never blocks.
"""


def notes_page() -> str:
    """Each kind with the words by which it is known, source and mark."""
    held = content()
    lines = [_HEAD.format(version=held.version)]
    for row in held.rows:
        known_by = ", ".join(row.words)
        if row.units:
            known_by += f"; a number with {', '.join(row.units)}"
        if row.clock:
            known_by += "; a time of day"
        urgent = " Urgent." if row.urgent else ""
        told = f"{row.message}{urgent} Source: {', '.join(row.source)}. Mark {row.mark}."
        lines.append(f"## {row.id}: {row.title}\n\n{told}\n\nKnown by: {known_by}.\n")
    lines.append("## Sources\n")
    lines.extend(f"- {key}: {words}" for key, words in held.sources.items())
    return "\n".join(lines) + "\n"

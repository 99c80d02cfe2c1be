"""Adverse events: how grave, what is due to whom, and the esketamine monitoring form.

A person grades, judges and chooses; nothing here proposes a cause. Source: protocol 12 (AE-R1 to
AE-R8) and 7 (DIS-12, DIS-13).
"""

from kapstone.adverse.charted import Charted, charted
from kapstone.adverse.duties import (
    Due,
    Happened,
    due_again,
    due_of_departure,
    due_of_event,
    due_of_session,
)
from kapstone.adverse.form import Difference, Form, differences, filled, form
from kapstone.adverse.judging import counts_as_serious, pressure_grade, serious, soon_after, unlike
from kapstone.adverse.rows import About, Content, DueRow, content

__all__ = [
    "About",
    "Charted",
    "Content",
    "Difference",
    "Due",
    "DueRow",
    "Form",
    "Happened",
    "charted",
    "content",
    "counts_as_serious",
    "differences",
    "due_again",
    "due_of_departure",
    "due_of_event",
    "due_of_session",
    "filled",
    "form",
    "pressure_grade",
    "serious",
    "soon_after",
    "unlike",
]

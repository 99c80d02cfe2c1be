"""Adverse events: how grave, what is due to whom, and the esketamine monitoring form.

A person grades, judges and chooses; nothing here proposes a cause. Source: protocol 12 (AE-R1 to
AE-R8) and 7 (DIS-12, DIS-13).
"""

from kapstone.adverse.charted import Charted, charted
from kapstone.adverse.duties import Due, Happened, due_of_departure, due_of_event, due_of_session
from kapstone.adverse.form import Difference, Form, differences, filled, form
from kapstone.adverse.judging import pressure_grade, serious, soon_after, unlike
from kapstone.adverse.rows import Content, DueRow, content

__all__ = [
    "Charted",
    "Content",
    "Difference",
    "Due",
    "DueRow",
    "Form",
    "Happened",
    "charted",
    "content",
    "differences",
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

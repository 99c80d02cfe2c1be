"""The one dose-relative clock: what is made ready before, what is asked after, when, and what
became of it.
"""

from kapstone.schedule.clock import Course, Dose, Item, Kept, Wish, items
from kapstone.schedule.quiet import Quiet
from kapstone.schedule.readying import Line, Readying, readying, to_make_ready
from kapstone.schedule.rows import CHECK_IN, Anchor, Content, Row, Way, content
from kapstone.schedule.states import Happened, State, Window, state

__all__ = [
    "CHECK_IN",
    "Anchor",
    "Content",
    "Course",
    "Dose",
    "Happened",
    "Item",
    "Kept",
    "Line",
    "Quiet",
    "Readying",
    "Row",
    "State",
    "Way",
    "Window",
    "Wish",
    "content",
    "items",
    "readying",
    "state",
    "to_make_ready",
]

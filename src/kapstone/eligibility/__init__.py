"""Screening: contraindications and interactions, in three-valued logic.

`read_facts` validates a document once; `screen` runs every rule over it and says what holds,
what is unknown and which rules need it. It never clears anybody.
"""

from kapstone.eligibility.facts import Facts, read_facts
from kapstone.eligibility.medicines import Medicine
from kapstone.eligibility.rules import RULES, VERSION, Rule, rule
from kapstone.eligibility.screening import Screening, State, Unknown, screen

__all__ = [
    "RULES",
    "VERSION",
    "Facts",
    "Medicine",
    "Rule",
    "Screening",
    "State",
    "Unknown",
    "read_facts",
    "rule",
    "screen",
]

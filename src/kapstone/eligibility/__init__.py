"""Screening: contraindications and interactions, in three-valued logic.

`read_facts` validates a document once; `screen` runs every rule over it and says what holds,
what is unknown and which rules need it. It never clears anybody.
"""

from kapstone.eligibility.facts import Facts, read_facts
from kapstone.eligibility.medicines import Medicine
from kapstone.eligibility.questions import QUESTIONS, Question, questions
from kapstone.eligibility.rules import RULES, VERSION, Rule, rule
from kapstone.eligibility.screening import Screening, Severities, State, Unknown, allowed, screen

__all__ = [
    "QUESTIONS",
    "RULES",
    "VERSION",
    "Facts",
    "Medicine",
    "Question",
    "Rule",
    "Screening",
    "Severities",
    "State",
    "Unknown",
    "allowed",
    "questions",
    "read_facts",
    "rule",
    "screen",
]

"""What cannot be done, as one tree.

KapstoneError
├── InvalidInput      a given value cannot be read: names the key and the mend
├── UnknownContent    no such instrument, rule, product or version
├── BrokenLedger      a controlled-drug ledger that does not add up or was altered
└── ForbiddenStep     a stage of care that cannot follow the present one

A clinical judgement is never an exception: it is a `kapstone.findings.Finding`.
"""


class KapstoneError(Exception):
    """Anything the core refuses to do."""


_LONGEST = {"key": 200, "problem": 800, "mend": 2000}  # characters of a message that are shown


class InvalidInput(KapstoneError):
    """A value that cannot be read. `key` is its path in the input, `mend` how to put it right.

    What was given may be of any length; what is said of it can be read.
    """

    def __init__(self, key: str, problem: str, mend: str = "") -> None:
        self.key = key
        self.problem = problem
        self.mend = mend
        told = {"key": key or '""', "problem": problem, "mend": mend}
        shown = {name: _cut(text, _LONGEST[name]) for name, text in told.items()}
        super().__init__(f"{shown['key']}: {shown['problem']} {shown['mend']}".rstrip())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


class UnknownContent(KapstoneError):
    """An instrument, rule, product or version that this release does not hold."""


class BrokenLedger(KapstoneError):
    """A controlled-drug ledger that does not add up or was altered; `entry` is where."""

    def __init__(self, entry: str, problem: str) -> None:
        self.entry = entry
        self.problem = problem
        super().__init__(f"entry {entry}: {problem}")


class ForbiddenStep(KapstoneError):
    """A stage of care that cannot follow the present one."""

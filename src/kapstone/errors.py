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


class InvalidInput(KapstoneError):
    """A value that cannot be read. `key` is its path in the input, `mend` how to put it right."""

    def __init__(self, key: str, problem: str, mend: str = "") -> None:
        self.key = key
        self.problem = problem
        self.mend = mend
        super().__init__(f"{key}: {problem}" + (f" {mend}" if mend else ""))


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

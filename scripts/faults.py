"""`make faults` and `make soak`: the fault tests at the middle or the full count."""

import sys

from scripts.parts import ROOT, WAITING, Part, python, run_all

if __name__ == "__main__":
    count = sys.argv[1]
    if not any(ROOT.glob("tests/faults/test_*.py")):
        print("There is no fault test yet: nothing was tried.")
        sys.exit(0)
    how_often = (f"--fault-count={count}", *WAITING, "--dist=loadfile", "-v")
    beside = python("-m", "pytest", "-m", "fault and not alone", *how_often, "tests/faults")
    level = f"--fault-count={count}"
    alone = python("-m", "pytest", "-m", "fault and alone", level, "-v", "tests/faults")
    needs = Part("What the tests need", python("-m", "scripts.needs"))
    parts = [needs, Part(f"Faults, {count} count", beside)]
    parts.append(Part("Faults that take the whole machine", alone))
    how_many = "--write" if count == "full" else "--sample=20"
    changed = python("-m", "scripts.mutants", how_many)
    parts.append(Part("Comparisons and constants of five rooms, changed", changed))
    sys.exit(run_all(parts))

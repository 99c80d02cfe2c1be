"""`python -m scripts.covered PACKAGE LEAST`: whether the tests reached enough of a package.

Reads what `scripts.covering` noted in every worker; lines and branches count alike. 1 where less
than LEAST per cent was reached; each file with a gap is printed with its lines.
"""

import json
import sys
from functools import reduce

from slipcover import merge_coverage, print_coverage

from scripts.parts import ROOT

NOTED = ROOT / ".covered"


def main(package: str, least: float) -> int:
    """Print the gaps and the share; an exit status."""
    noted = reduce(merge_coverage, (json.loads(each.read_text()) for each in NOTED.glob("*.json")))
    noted["files"] = {
        name: found for name, found in noted["files"].items() if f"src/{package}/" in name
    }
    counts = [found["summary"] for found in noted["files"].values()]
    reached = sum(each["covered_lines"] + each["covered_branches"] for each in counts)
    missed = sum(each["missing_lines"] + each["missing_branches"] for each in counts)
    print_coverage(noted, skip_covered=True)
    percent = 100 * reached / (reached + missed)
    print(f"{package}: {reached} of {reached + missed} lines and branches, {percent:.2f} %")
    return int(percent < least)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))

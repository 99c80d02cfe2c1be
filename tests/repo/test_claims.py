"""Nothing claims a review that has not happened: no clinician has reviewed this content."""

import re
from pathlib import Path

from tests.repo.tree import ROOT, files, plant

WORDS = re.compile(
    r"\bvalidated\b|\bclinically (proven|approved)\b|\bFDA[- ](approved|cleared) (software|device)"
    r"|\b(signed|signed off|reviewed|approved|checked) by (a |the |our )?"
    r"(clinician|physician|doctor)"
    r"|\bclinicians? (has|have) (reviewed|signed|approved|checked)",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"\b(no|until a|not until a|before a) clinician has (reviewed|signed)"
    r"|\b(not|never|nothing)( \w+)? (validated|(reviewed|signed) by (a )?clinicians?)",
    re.IGNORECASE,
)
KINDS = (".py", ".html", ".txt", ".md", ".json", ".toml", ".csv", ".js")


def offences(root: Path) -> list[str]:
    found = []
    for name, path in files(root, "src README.md SAFETY.md docs", *KINDS):
        text = ALLOWED.sub(lambda match: "." * len(match.group()), path.read_text(encoding="utf-8"))
        for match in WORDS.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: claims `{match.group()}`; nobody has.")
    return found


def test_nothing_claims_a_review() -> None:
    assert offences(ROOT) == []


def test_a_claim_is_found_and_the_plain_truth_is_not(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "src/kapstone/a.py": '"""Validated rules."""',
            "README.md": "Signed by a clinician.\n",
            "src/clinic/t/a.html": "No clinician has reviewed this content.\nnot validated\n",
            "docs/a.md": "A clinician has reviewed it.\n",
        },
    )
    found = sorted(":".join(line.split(":")[:2]) for line in offences(tmp_path))
    assert found == ["README.md:1", "docs/a.md:1", "src/kapstone/a.py:1"]

"""Who decides whether a person may go home reads figures, not names of variables."""

from decimal import Decimal

import pytest

from clinic.dosing import words


@pytest.mark.parametrize(
    ("because", "told"),
    [
        ({"since_start_min": Decimal("43.5")}, "Since the dose began: 43.5 min"),
        ({"earliest": "2026-11-22T12:00:43.218786+00:00"}, "Earliest: 07:00"),
        ({"on_oxygen": False}, "On added oxygen: no"),
        ({"oriented_x4": "not charted, or too old"},
         "Oriented to person, place, time and event: not charted, or too old"),
        ({"blood_pressure": "174/111, 169/109"}, "Blood pressure: 174/111, 169/109 mmHg"),
        ({"blood_pressure": "two pressures after the dose are needed"},
         "Blood pressure: two pressures after the dose are needed"),
        ({"baseline.systolic_mmhg": Decimal(124)},
         "Systolic pressure before the dose: 124 mmHg"),
        ({"nausea_nrs_score": 2, "vomiting": "none charted"},
         "Nausea: 2 (0–10); Vomiting: none charted"),
        ({"vomiting": "2026-11-22T12:00:00+00:00"}, "Vomiting: 07:00"),
        ({"dose": "still running"}, "Dose: still running"),
    ],
)  # fmt: skip
def test_what_a_criterion_was_judged_by_is_read_out(because: dict[str, object], told: str) -> None:
    assert words.judged_by(because) == told

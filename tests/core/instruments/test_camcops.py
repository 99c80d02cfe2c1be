"""Where another program scores the same scale, a difference is somebody's mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import instruments
from tests.core.instruments import answers, camcops


def _plain(answered: dict[str, int]) -> dict[str, int]:
    return answered


def _hamd(answered: dict[str, int]) -> dict[str, int]:
    return answered | {"whichq16": 0, "q16a": answered["q16"]}


def _dast(answered: dict[str, int]) -> dict[str, str | None]:
    """Our ten stand on ten of its 28, by its own numbers."""
    numbers = (1, 3, 5, 8, 9, 10, 15, 21, 23, 24)
    own = {f"q{n}": None for n in range(1, 29)}
    return own | {
        f"q{n}": "Y" if answered[f"q{place}"] else "N" for place, n in enumerate(numbers, 1)
    }


def _wsas(answered: dict[str, int]) -> dict[str, int | bool]:
    return answered | {"retired_etc": False}


# ours, then its file, its class, how the fields are called there, our score → their method
PAIRS = [
    ("phq9", "phq9", "Phq9", _plain, {"total": "total_score", "mds_algorithm": "is_mds"}),
    ("gad7", "gad7", "Gad7", _plain, {"total": "total_score"}),
    (
        "pcl5",
        "pcl5",
        "Pcl5",
        _plain,
        {
            "total": "total_score",
            "n_b": "num_symptomatic_b",
            "n_c": "num_symptomatic_c",
            "n_d": "num_symptomatic_d",
            "n_e": "num_symptomatic_e",
            "provisional_ptsd": "ptsd",
        },
    ),
    ("audit_c", "audit", "AuditC", _plain, {"total": "total_score"}),
    ("hamd17", "hamd", "Hamd", _hamd, {"total": "total_score"}),
    (
        "ybocs",
        "ybocs",
        "Ybocs",
        _plain,
        {
            "total": "total_score",
            "obsessions": "obsession_score",
            "compulsions": "compulsion_score",
        },
    ),
    ("wsas", "wsas", "Wsas", _wsas, {"total": "total_score"}),
    ("dast10", "dast", "Dast", _dast, {"total": "total_score"}),
]
HELPERS = ("get_num_symptomatic", "get_score", "one_if_q_ge", "n_core", "n_other", "n_total")


@pytest.mark.parametrize(
    ("ours", "file", "name", "named", "methods"), PAIRS, ids=[pair[0] for pair in PAIRS]
)
@given(data=st.data())
def test_complete_answers_score_as_in_camcops(ours, file, name, named, methods, data) -> None:
    instrument = instruments.load(ours)
    answered = data.draw(answers.sets(instrument, whole=True))
    theirs = camcops.task(file, name, *methods.values(), *HELPERS)(**named(answered))
    scores = instruments.score(instrument, answered).scores
    for score, method in methods.items():
        assert scores[score] == getattr(theirs, method)(), score


@given(data=st.data())
def test_work_not_applicable_is_prorated_where_camcops_leaves_a_lower_maximum(data) -> None:
    instrument = instruments.load("wsas")
    answered = data.draw(answers.sets(instrument, whole=True)) | {"q1": None}
    theirs = camcops.task("wsas", "Wsas", "total_score")(**answered, retired_etc=True)
    ours = instruments.score(instrument, answered).scores["total"]
    assert ours == (theirs.total_score() * 5 + 2) // 4

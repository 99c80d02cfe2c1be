"""Every pair of stages: which may follow which, and what the steps that matter need."""

from enum import StrEnum
from itertools import product

import pytest

from kapstone.errors import ForbiddenStep
from kapstone.pathway import LADDERS, Episode, FollowUp, Need, Series, Session, allowed, step

_LEAVE = {"referred on", "lost to follow-up", "died"}
_BEFORE = _LEAVE | {"declined", "not eligible"}
_DURING = _LEAVE | {"withdrawn", "completed", "planned"}
SPEC: dict[type[StrEnum], dict[str, set[str]]] = {
    Episode: {
        "referred": _BEFORE | {"screening"},
        "screening": _BEFORE | {"eligible"},
        "eligible": _BEFORE | {"screening", "planned"},
        "planned": _BEFORE | {"screening", "consented"},
        "consented": _BEFORE | {"withdrawn", "screening", "planned", "prepared"},
        "prepared": _BEFORE | {"withdrawn", "screening", "planned", "in series"},
        "in series": _DURING | {"paused", "maintenance"},
        "paused": _DURING | {"in series", "maintenance", "not eligible"},
        "maintenance": _DURING | {"paused", "in series"},
    },
    Series: {
        "ordered": {"under way", "held", "cancelled"},
        "under way": {"held", "finished", "stopped"},
        "held": {"ordered", "under way", "stopped", "cancelled"},
    },
    Session: {
        "scheduled": {"arrived", "cancelled", "dosing"},
        "arrived": {"ready", "held", "cancelled", "transferred", "dosing"},
        "ready": {"dosing", "held", "cancelled", "transferred"},
        "held": {"ready", "cancelled", "transferred", "dosing"},
        "dosing": {
            "peak", "return", "recovery", "stopped early", "left against advice", "transferred",
        },
        "peak": {"return", "recovery", "stopped early", "left against advice", "transferred"},
        "return": {"recovery", "stopped early", "left against advice", "transferred"},
        "stopped early": {"recovery", "left against advice", "transferred"},
        "recovery": {"discharged", "left against advice", "transferred"},
    },
    FollowUp: {
        "waiting": {"open", "closed"},
        "open": {"out of reach", "closed", "declined"},
        "out of reach": {"open", "closed"},
        "declined": {"open"},
    },
}  # fmt: skip

PAIRS = [pair for ladder in SPEC for pair in product(ladder, ladder)]


@pytest.mark.parametrize(("present", "following"), PAIRS)
def test_every_pair_of_stages(present: StrEnum, following: StrEnum) -> None:
    may = SPEC[type(present)].get(present, set())
    assert allowed(present) == may
    if following in may:
        assert step(present, following) <= set(Need)
    else:
        with pytest.raises(ForbiddenStep, match=f"{following} cannot follow {present}"):
            step(present, following)


@pytest.mark.parametrize("ladder", LADDERS)
def test_every_stage_has_its_row(ladder: type[StrEnum]) -> None:
    assert set(LADDERS[ladder]) == set(ladder)


def test_a_stage_of_another_ladder_never_follows() -> None:
    with pytest.raises(ForbiddenStep):
        step(Session.ARRIVED, Series.HELD)
    with pytest.raises(ForbiddenStep):
        step(Series.HELD, Session.READY)


@pytest.mark.parametrize(
    ("present", "following", "needs"),
    [
        (Episode.SCREENING, Episode.ELIGIBLE, {Need.CLEARANCE}),
        (Episode.ELIGIBLE, Episode.PLANNED, {Need.CLEARANCE, Need.PLAN}),
        (Episode.PLANNED, Episode.CONSENTED, {Need.CLEARANCE, Need.CONSENT}),
        (Episode.CONSENTED, Episode.PREPARED, {Need.CONSENT, Need.PREPARATION}),
        (
            Episode.PREPARED,
            Episode.IN_SERIES,
            {Need.CLEARANCE, Need.CONSENT, Need.BASELINE, Need.ORDER, Need.PREPARATION},
        ),
        (Session.RECOVERY, Session.DISCHARGED, {Need.RECOVERED, Need.SIGNED_OUT}),
        (Session.ARRIVED, Session.DOSING, {Need.DEVIATION}),
    ],
)
def test_what_a_step_needs(present: StrEnum, following: StrEnum, needs: set[Need]) -> None:
    assert step(present, following) == needs


def test_no_dose_starts_as_ordered_without_consent_order_weight_and_two_people() -> None:
    assert step(Session.READY, Session.DOSING) == {
        Need.CLEARANCE,
        Need.ORDER,
        Need.CONSENT_TODAY,
        Need.READINESS,
        Need.WEIGHT_TODAY,
        Need.TWO_PEOPLE,
    }


def test_whoever_was_dosed_always_has_a_way_home() -> None:
    for stage in (Session.DOSING, Session.PEAK, Session.RETURN, Session.STOPPED_EARLY):
        assert Session.RECOVERY in allowed(stage)
        assert Session.CANCELLED not in allowed(stage)

"""What the rules find on the day waits for a prescriber, and is asked again when a sign changes."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.dosing import before, readiness
from clinic.intake import deciding
from clinic.intake import queries as intake
from clinic.intake.deciding import NotOverridable, OverrideTerms
from clinic.intake.models import Override
from clinic.people.proof import PASSWORD
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

REAL = before.screening_today
WHY = {"rationale": "Nervous today, calm at the last visits", "mitigation": "A reading each 5 min"}


@pytest.fixture
def tense(im: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A person whose pressure of today wants a decision."""
    monkeypatch.setattr(before, "screening_today", REAL)
    for minute in (0, 6):
        im.chart("vitals", after(minute), sbp=165, dbp=80, hr=70, seated=True)
    return im


def _rules(of: Scene, minute: float = 10) -> readiness.Item:
    return next(
        one for one in readiness.judge(of.session, after(minute)).items if one.id == "RULES"
    )


def _url(of: Scene, rule: str = "SCR-006") -> str:
    return reverse("dosing:decide", args=[of.patient.pk, of.session.pk, rule])


def _decide(of: Scene, client: Client, **typed: str) -> int:
    sent = {"shown_for": str(of.session.pk), "event_id": str(uuid4())} | WHY | typed
    return client.post(_url(of), sent).status_code


@pytest.fixture
def prescriber(tense: Scene) -> Client:
    return cast.signed_in(tense.prescriber)


@pytest.mark.hazard(12)
@time_machine.travel(after(10), tick=False)
def test_a_relative_finding_of_the_day_holds_the_dose(tense: Scene, prescriber: Client) -> None:
    """Else a pressure that wants a decision passes because nobody was asked."""
    item = _rules(tense)
    assert item.held is readiness.Held.UNMET
    assert item.to_decide == ("SCR-006",)
    console = reverse("dosing:console", args=[tense.patient.pk, tense.session.pk])
    assert "Decide on SCR-006" in prescriber.get(console).content.decode()
    nurse = cast.signed_in(tense.nurse)
    page = nurse.get(console).content.decode()
    assert "A prescriber decides." in page
    assert nurse.get(_url(tense)).status_code == 404
    assert prescriber.get(_url(tense, "SCR-999")).status_code == 404
    assert "165" in prescriber.get(_url(tense)).content.decode()


@pytest.mark.hazard(12)
@time_machine.travel(after(10), tick=False)
def test_a_decision_holds_until_a_sign_changes(tense: Scene, prescriber: Client) -> None:
    assert _decide(tense, prescriber) == 403  # proves who they are first
    assert _decide(tense, prescriber, rationale="short", **{PASSWORD: cast.PASSWORD}) == 422
    assert _decide(tense, prescriber) == 302
    made = Override.objects.get()
    assert (made.of_day, made.expires_at) == (after(0).date(), deciding.end_of_day(after(10)))
    assert _rules(tense).to_decide == ()
    tense.chart("weight", after(10), weight_kg=70)  # a fact that the rule does not read
    assert _rules(tense).to_decide == ()
    assert intake.overrides(tense.patient, after(10), of_day=True) == [made]
    tense.chart("vitals", after(11), sbp=168, dbp=80, seated=True)
    assert _rules(tense, 11).to_decide == ("SCR-006",)


@time_machine.travel(after(10), tick=False)
def test_a_decision_of_the_day_clears_nobody_and_ends_with_it(
    tense: Scene, prescriber: Client
) -> None:
    assert _decide(tense, prescriber, **{PASSWORD: cast.PASSWORD}) == 302
    assert intake.overrides(tense.patient, after(10)) == []
    assert intake.overrides(tense.patient, after(10) + timedelta(days=1), of_day=True) == []
    found = readiness.screened(tense.session, after(10))
    assert found is not None
    terms = OverrideTerms("x" * 20, "plan", after(10) + timedelta(days=3))
    with pytest.raises(NotOverridable, match="ends with the day"):
        deciding.override(
            patient=tense.patient,
            rule="SCR-006",
            terms=terms,
            by=tense.prescriber.user,
            at=after(10),
            today=found,
        )


@time_machine.travel(after(10), tick=False)
def test_where_nothing_can_be_run_there_is_nothing_to_decide(
    tense: Scene, prescriber: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(before, "screening_today", lambda *_: None)
    assert prescriber.get(_url(tense)).status_code == 404

"""A dose corrected, told late or by a clock that is off: wrong on the chart and in the register."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.dosing import (
    actions,
    dose_entry,
    forms,
    giving,
    queries,
    screen,
)
from clinic.dosing.kinds import Chart
from clinic.dosing.models import SessionEvent
from clinic.episodes.models import GivenDose
from clinic.people.roles import Role
from clinic.pharmacy import actions as pharmacy
from clinic.pharmacy import queries as register
from clinic.pharmacy.models import Vial
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after
from tests.clinic.pharmacy.cases import received

# --- arrives once, at the record of doses and at the register ------------------------------------


@pytest.fixture
def vial(db: None) -> Vial:
    """A vial of the cupboard."""
    two = [cast.staff(Role.PHARMACIST, "Pia"), cast.staff(Role.NURSE, "Nils")]
    return received(*(one.user for one in two))


def _correct(of: Scene, row: SessionEvent, minute: float, kind: str = "", **body: object) -> None:
    told = Chart(uuid4(), kind or row.kind, row.observed_at, body, replaces=row.pk, reason="A slip")
    actions.record(session=of.session, chart=told, by=of.nurse.user, at=after(minute))


@pytest.mark.hazard(5)
@pytest.mark.hazard(17)
def test_a_correction_up_and_down_reaches_the_register_once(im: Scene, vial: Vial) -> None:
    im.start()
    by, witness = im.nurse.user, im.other.user
    pharmacy.draw(
        vial=vial, amount_mg=Decimal(50), dose_id=im.session.pk, by=by, witness=None, at=after(14)
    )
    assert register.reported_mg(im.session.pk) == 35
    row = next(row for row in im.events() if row.kind == "dose_start")
    _correct(im, row, 20, dose_mg=40)
    assert (im.given_mg(), register.reported_mg(im.session.pk)) == (40, 40)
    row = next(row for row in queries.standing_rows(im.session) if row.kind == "dose_start")
    _correct(im, row, 21, dose_mg=33)
    assert (im.given_mg(), register.reported_mg(im.session.pk)) == (33, 40)
    assert Alert.objects.filter(code="dose-register.33").count() == 1
    # Two people take the register's entry back: what the session says is then written, once.
    entry = vial.rows.filter(kind="given").order_by("-amount_mg").first()
    assert entry is not None
    pharmacy.reverse(row=entry, reason="It was 33", by=by, witness=witness, at=after(30))
    assert register.reported_mg(im.session.pk) == 33
    assert [each.left_mg for each in register.open_draws()] == [17]
    assert GivenDose.objects.filter(replaced_by__isnull=True).count() == 1


@pytest.mark.hazard(5)
def test_a_dose_charted_in_error_is_no_dose_any_more(im: Scene) -> None:
    """Else the next booking waits for a dose that nobody had, and somebody is called about it."""
    row = im.start()
    _correct(im, row, 20, kind="withdrawn")
    assert queries.given(im.session) is None
    assert list(GivenDose.objects.filter(replaced_by__isnull=True)) == []
    assert GivenDose.every.count() == 2
    # Nothing was drawn for it: the register needs nobody to take an entry back.
    assert register.reported_mg(im.session.pk) == 0
    assert not Alert.objects.filter(code__startswith="dose-register").exists()
    told = Chart(uuid4(), "dose_start", after(22), {"dose_mg": 35}, note="This one is true")
    giving.chart_given_dose(session=im.session, chart=told, by=im.nurse.user, at=after(23))
    assert im.given_mg() == 35


@pytest.mark.hazard(5)
def test_a_row_of_no_dose_is_never_written_twice(im: Scene) -> None:
    im.start()
    im.chart("vitals", after(20), sbp=120, dbp=80)
    assert GivenDose.every.count() == 1


def _send(client: Client, of: Scene, row: SessionEvent, **typed: str) -> tuple[int, str]:
    url = reverse("dosing:correct", args=[of.patient.pk, of.session.pk, row.pk])
    page = client.get(url).content.decode()
    sent = {"shown_for": str(of.session.pk), "event_id": str(uuid4()), "reason": "A slip"}
    sent |= {"what": "corrected"} | typed
    return client.post(url, sent).status_code, page


@pytest.mark.hazard(5)
@time_machine.travel(after(60), tick=False)
def test_what_is_in_the_pump_is_put_right_on_its_own_line(iv: Scene) -> None:
    """Else the sum of a whole infusion rests on a slip, or the dose has to be begun again."""
    row = iv.start()
    client = cast.signed_in(iv.nurse)
    status, page = _send(client, iv, row, rate_ml_per_h="60", mg_per_ml="0,5")
    assert status == 302 and "In the pump, mg/mL" in page and "Given, mg" not in page
    run = queries.state(iv.session, after(60)).infusion.open_run
    assert run is not None and (run.start, run.computed_mg) == (after(15), Decimal("22.50"))
    newest = iv.events()[-1]
    assert (newest.observed_at, newest.replaces_id) == (row.observed_at, row.pk)
    assert _send(client, iv, newest, mg_per_ml="500")[0] == 422
    assert _send(client, iv, newest, reason="", mg_per_ml="1")[0] == 422


@pytest.mark.hazard(5)
@time_machine.travel(after(60), tick=False)
def test_an_early_stop_corrected_keeps_why_and_an_amount_above_the_check_is_told(iv: Scene) -> None:
    iv.start()
    stop = iv.part("dose_stop", 30, "Asked to stop", dose_mg=12, early=True)
    client = cast.signed_in(iv.nurse)
    assert _send(client, iv, stop, dose_mg="21")[0] == 302
    newest = next(row for row in queries.standing_rows(iv.session) if row.kind == "dose_stop")
    assert (newest.note, newest.body) == ("Asked to stop", {"dose_mg": 21, "early": True})
    assert (iv.given_mg(), iv.reload().deviation) == (21, False)
    assert _send(client, iv, newest, dose_mg="36")[0] == 302
    assert (iv.given_mg(), iv.reload().deviation) == (36, True)


@time_machine.travel(after(60), tick=False)
def test_a_part_is_withdrawn_only_when_that_is_pressed(im: Scene) -> None:
    row, client = im.start(), cast.signed_in(im.nurse)
    status, page = _send(client, im, row)
    assert status == 422 and "Given, mg" in page and "mg/mL" not in page
    assert im.given_mg() == 35
    assert _send(client, im, row, what="withdrawn")[0] == 302
    assert im.given_mg() is None


# --- another drug, the console's clock, midnight -------------------------------------------------

RESCUE = {
    "drug": "Something ordered",
    "amount": "one of it",
    "by_route": "mouth",
    "ordered_by": "P",
}


def test_another_drug_is_charted_as_it_was_typed(im: Scene) -> None:
    im.start()
    typed = RESCUE | {"kind": "rescue", "event_id": str(uuid4())}
    told = forms.charted(typed, after(30))
    actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(30))
    shown = screen.panel(im.session, after(31))
    assert "Something ordered, one of it, mouth at 12:30" in shown
    for key in RESCUE:
        with pytest.raises(InvalidInput, match=f"{key}: is missing"):
            im.chart("rescue", after(31), **{name: RESCUE[name] for name in RESCUE if name != key})


@pytest.mark.hazard(16)
@pytest.mark.parametrize(
    ("sent_at", "offset_s", "words"),
    [
        (after(0).isoformat(), None, ""),
        (after(0, 2).isoformat(), None, ""),
        (after(0, 3).isoformat(), 3, ""),
        (after(-26 * 60).isoformat(), -93600, "clock 1560 min slow"),
        (after(26 * 60).isoformat(), 93600, "clock 1560 min fast"),
        (after(0, 90).isoformat(), 90, "clock 90 s fast"),
        ("9999-12-31T23:59:59+00:00", None, ""),
        ("2026-03-04T17:00:00", None, ""),
        ("yesterday", None, ""),
        ("", None, ""),
    ],
)
def test_the_clock_of_a_console_is_kept_and_orders_nothing(
    im: Scene, sent_at: str, offset_s: int | None, words: str
) -> None:
    typed = {"kind": "vitals", "event_id": str(uuid4()), "hr": "71", "sent_at": sent_at}
    row = actions.record(
        session=im.session, chart=forms.charted(typed, after(0)), by=im.nurse.user, at=after(0)
    )
    assert (row.clock_offset_s, row.observed_at, row.recorded_at) == (offset_s, after(0), after(0))
    shown = screen.panel(im.session, after(1))
    assert words in shown and ("console" in shown) is bool(words)


@pytest.mark.hazard(5)
@pytest.mark.hazard(16)
@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 5, 4, 30, tzinfo=UTC),  # 23:30 in New York
        datetime(2026, 3, 8, 6, 30, tzinfo=UTC),  # 1:30, the clocks go forward at 2
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # 1:30, the clocks go back at 2
    ],
)
def test_over_midnight_and_a_change_of_clocks_the_dose_is_the_same(
    iv: Scene, start: datetime
) -> None:
    def at(minute: float) -> datetime:
        return start + timedelta(minutes=minute)

    iv.chart("weight", at(-20), weight_kg=70)
    iv.chart("dose_start", at(0), rate_ml_per_h=60, mg_per_ml=0.5)
    iv.chart("dose_pause", at(20))
    iv.chart("dose_resume", at(50))
    so_far = screen.build(iv.session, at(60)).so_far
    assert so_far.given == "about 15\u00a0mg"
    assert so_far.per_kg == "About 0.21 mg/kg by 70 kg"
    iv.chart("dose_stop", at(90), dose_mg=30)
    state = queries.state(iv.session, at(150))
    assert (state.dose_given_mg, state.infusion.runs[0].computed_mg) == (30, 30)
    time = next(row for row in state.readiness.rows if row.id == "DIS-01")
    assert time.because["since_last_part_min"] == 60
    assert dose_entry.queries.weight_today_kg(iv.session, at(150)) == 70

"""A standing order at the chair: word for word while it stands, no word of it when it does not."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.dosing import screen, stepping
from clinic.dosing.kinds import Chart
from clinic.people.models import Licence
from clinic.planning import actions
from clinic.planning.actions.standing import StandingTyped
from clinic.planning.models import StandingOrder
from tests.clinic import cast
from tests.clinic.dosing import chair
from tests.clinic.dosing.scene import Scene, after

BEFORE = after(0) - timedelta(days=30)
DRUG, DOSE, WHEN = "Inventol <drops>", "one invented unit", "Once.\nNot while asleep."


def typed(im: Scene, at: datetime = BEFORE, **changed: object) -> StandingOrder:
    told: dict[str, object] = {
        "order_id": uuid4(), "series": uuid4(), "after_version": 0, "pathway": "PATH-ANA",
        "step": 2,
        "drug": DRUG, "dose": DOSE, "route": "under the tongue", "conditions": WHEN,
        "valid_until": date(2026, 6, 1),
    }  # fmt: skip
    words = StandingTyped(**(told | changed))  # type: ignore[arg-type]  # words of a test
    return actions.type_standing_order(typed=words, by=im.nurse.user, at=at)


def signed(im: Scene, **changed: object) -> StandingOrder:
    order = typed(im, **changed)
    actions.sign_standing_order(order=order, by=im.prescriber.user, at=BEFORE)
    return order


def opened(im: Scene, name: str = "PATH-ANA") -> None:
    told = Chart(uuid4(), "steps", after(10), {})
    stepping.open_steps(
        session=im.session, chart=told, pathway_id=name, by=im.nurse.user, at=after(10)
    )


def shown(im: Scene, at: datetime | None = None) -> str:
    return screen.panel(im.session, at or after(11))


@pytest.mark.hazard(29)
def test_a_signed_one_stands_at_its_step_exactly_as_typed(im: Scene) -> None:
    signed(im)
    opened(im)
    page = shown(im)
    assert "Paula Prescriber</span></strong> on Feb 2, 2026" in page
    assert f"<dd>{DOSE}</dd>" in page and f"<dd>{WHEN}</dd>" in page
    assert "<dd>Inventol &lt;drops&gt;</dd>" in page
    assert page.count("Prescriber order required") == 1  # the other step asks still


def _nothing(im: Scene, order: StandingOrder) -> None:
    """It was typed and nobody signed it."""


def _withdrawn(im: Scene, order: StandingOrder) -> None:
    actions.sign_standing_order(order=order, by=im.prescriber.user, at=BEFORE)
    actions.withdraw_standing_order(order=order, reason="Bad", by=im.nurse.user, at=after(9))


def _licence_over(im: Scene, order: StandingOrder) -> None:
    actions.sign_standing_order(order=order, by=im.prescriber.user, at=BEFORE)
    Licence.objects.filter(staff=im.prescriber).update(revoked_at=after(5))


ENDS = [(_nothing, ""), (_withdrawn, "withdrawn"), (_licence_over, "may not prescribe any more")]


@pytest.mark.hazard(29)
@pytest.mark.parametrize(("end", "why"), ENDS)
def test_one_that_does_not_stand_shows_no_drug_and_no_dose(
    im: Scene, end: object, why: str
) -> None:
    """A dose on the screen is a dose that is given."""
    end(im, typed(im))  # type: ignore[operator]
    opened(im)
    page = shown(im)
    assert DOSE not in page and "Inventol" not in page
    assert page.count("Prescriber order required") == 2 and why in page


@pytest.mark.hazard(16)
def test_at_midnight_of_its_last_day_it_goes_from_the_screen(im: Scene) -> None:
    signed(im, valid_until=date(2026, 3, 4))
    opened(im)
    night = after(0).replace(day=5, hour=4, minute=59)  # 23:59 in New York
    assert DOSE in shown(im, night)
    late = shown(im, night + timedelta(minutes=1))
    assert DOSE not in late and "not in force: expired" in late


def test_a_new_version_that_nobody_signed_leaves_the_signed_one(im: Scene) -> None:
    first = signed(im)
    typed(im, at=after(1), series=first.series, after_version=1, dose="two invented units")
    opened(im)
    assert DOSE in shown(im) and "two invented units" not in shown(im)


def test_another_step_and_another_row_show_nothing_of_it(im: Scene) -> None:
    signed(im)
    opened(im, "PATH-SZ")
    assert DOSE not in shown(im)


# --- charting under it ---------------------------------------------------------------------------

GIVEN = {"kind": "rescue", "drug": "Inventol", "amount": "one", "by_route": "mouth"}


@pytest.fixture
def page(im: Scene, clock: object) -> Client:
    return cast.signed_in(im.nurse)


def test_it_is_charted_with_its_version_and_signer_and_stands_on_the_record(
    im: Scene, page: Client
) -> None:
    order = signed(im)
    answer = chair.post(page, im, "chart", GIVEN | {"given_under": str(order.pk)})
    assert answer.status_code == 200, answer.content
    body = im.events()[-1].body
    assert body["under_id"] == str(order.pk) and body["ordered_by"] == "Paula Prescriber"
    where = reverse("adverse:record", args=[im.patient.pk, im.session.pk])
    told = "under the standing order, version 1 for Inventol"
    assert told in page.get(where).content.decode()
    assert ", under a standing order" in shown(im, after(20))


def test_by_a_prescribers_word_it_says_whose(im: Scene, page: Client) -> None:
    signed(im)
    said = GIVEN | {"given_under": "spoken", "ordered_by": "Dr Voice", "under": "forged"}
    assert chair.post(page, im, "chart", said).status_code == 200
    assert im.events()[-1].body["ordered_by"] == "Dr Voice"
    assert "under" not in im.events()[-1].body  # which a form may not say by itself


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"given_under": "spoken"}, "ordered_by"),
        ({"given_under": "ORDER", "ordered_by": "Dr Voice"}, "beside a standing order"),
        ({"given_under": str(UUID(int=7))}, "did not stand when it was given"),
        ({"given_under": "x"}, "did not stand when it was given"),
    ],
)
def test_by_which_order_is_always_said(
    im: Scene, page: Client, said: dict[str, str], says: str
) -> None:
    order = signed(im)
    said = {key: value.replace("ORDER", str(order.pk)) for key, value in said.items()}
    answer = chair.post(page, im, "chart", GIVEN | said)
    assert answer.status_code == 422 and says in answer.json()["error"]
    assert not [row for row in im.events() if row.kind == "rescue"]


def test_what_was_given_while_it_stood_is_charted_after_it_ended(im: Scene, page: Client) -> None:
    order = signed(im)
    actions.withdraw_standing_order(order=order, reason="Bad", by=im.nurse.user, at=after(15))
    said = GIVEN | {"given_under": str(order.pk)}
    assert chair.post(page, im, "chart", said).status_code == 422
    assert str(order.pk) in page.get(chair.url(im, "console")).content.decode()  # still offered
    early = said | {"minutes_ago": "10"}
    assert chair.post(page, im, "chart", early).status_code == 200


def test_sent_again_after_it_ended_it_is_the_same_line(im: Scene, page: Client) -> None:
    order = signed(im)
    said = GIVEN | {"given_under": str(order.pk), "event_id": str(uuid4())}
    first = chair.post(page, im, "chart", said).json()
    actions.withdraw_standing_order(order=order, reason="Bad", by=im.nurse.user, at=after(19))
    assert chair.post(page, im, "chart", said).json() == first


def test_no_field_of_the_console_holds_a_word_of_it(im: Scene, page: Client) -> None:
    """What stands in a field is charted by a tap."""
    signed(im)
    opened(im)
    shown_page = page.get(chair.url(im, "console")).content.decode()
    assert DOSE in shown_page
    form = shown_page.partition('id="rescue-head"')[2].partition("</form>")[0]
    assert DOSE not in form and 'value="Inventol' not in form and "selected" not in form

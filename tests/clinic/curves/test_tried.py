"""A curve of what was not asked, or one that looks like an order, would be taken for advice."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clinic.curves import predicted
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning.models import Plan
from kapstone.errors import UnknownContent
from kapstone.pharmacology import Form, Way
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db

IV = {"a-how": "RACEMIC IV", "a-dose_value": "0.5", "a-unit": "mg/kg", "a-infusion_min": "40",
      "a-salt_or_base": "base"}  # fmt: skip
SC = {"a-how": "RACEMIC SC", "a-dose_value": "35", "a-unit": "mg", "a-salt_or_base": "base"}
SL = {"a-how": "RACEMIC SL", "a-dose_value": "100", "a-unit": "mg", "a-went": "swallowed"}
SPRAY = {"a-how": "ESKETAMINE IN", "a-dose_value": "84", "a-unit": "mg"}


def page(desk: Client, person: Patient, told: dict[str, str] | None = None, **more: object) -> str:
    url = reverse("curves:tried", args=[person.pk])
    answer = desk.get(url, told or {}, **more)  # type: ignore[arg-type]  # headers
    assert answer.status_code == 200
    return answer.content.decode()


def drawing(words: str) -> str:
    """The drawing of the curves, empty where there is none."""
    found = re.search(r'<svg class="drawing".*?</svg>', words, re.DOTALL)
    return found[0] if found else ""


def test_before_anything_is_typed_there_is_no_curve_and_no_figure(
    desk: Client, robin: Patient, planned: Plan
) -> None:
    """A dose that is filled in is a dose that is proposed."""
    words = page(desk, robin)
    assert not drawing(words)
    assert f'value="{planned.product} {planned.route}" selected' in words
    assert not re.search(r'<input type="text"[^>]* value=', words)


@pytest.mark.hazard(15)
def test_beside_a_curve_stand_its_model_confidence_band_and_that_it_is_an_estimate(
    desk: Client, robin: Patient
) -> None:
    words = page(desk, robin, IV)
    assert "ng/mL in plasma" in drawing(words) and 'class="line"' in drawing(words)
    assert 'class="outer"' in drawing(words)
    for told in (
        "Predicted for a typical person: an estimate, not a measurement.",
        "Model Kamp 2020, version 1. Confidence: moderate.",
        "Band: 90 % of 2000 simulated people",
        '<td class="end">250</td><td class="end">160 to 380</td>',
        "about 250 ng/mL, at 40 min",
    ):
        assert told in words


@pytest.mark.hazard(15)
@pytest.mark.parametrize("htmx", [False, True])
def test_no_control_that_orders_or_gives_a_dose_stands_beside_a_curve(
    desk: Client, robin: Patient, planned: Plan, htmx: bool
) -> None:
    words = page(desk, robin, IV, headers={"HX-Request": "true"} if htmx else {})
    body = words if htmx else words.split("<main")[1].split("</main")[0]
    assert drawing(body)
    assert 'method="post"' not in body and "hx-post" not in body
    assert "formaction" not in body and 'name="seen"' not in body
    assert re.findall(r"<button[^>]*>(.*?)<", body) == ([] if htmx else ["Draw"])
    for name in ("planning:order", "planning:sign"):
        assert reverse(name, args=[robin.pk]) not in body
    order = desk.get(reverse("planning:order", args=[robin.pk])).content.decode()
    assert not drawing(order)


@pytest.mark.hazard(15)
@pytest.mark.parametrize(
    ("told", "left_out", "said"),
    [
        (IV, "a-dose_value", "The dose."),
        (IV, "a-infusion_min", "Over how many minutes."),
        (SL, "a-went", "Whether it is swallowed or spat out."),
        (IV, "a-how", "Product and route."),
    ],
)
def test_with_an_input_missing_it_is_named_and_nothing_is_drawn(
    desk: Client, robin: Patient, told: dict[str, str], left_out: str, said: str
) -> None:
    words = page(desk, robin, {**told, left_out: ""})
    assert not drawing(words)
    assert said in words and "No curve." in words


@pytest.mark.hazard(15)
def test_without_a_weight_there_is_no_curve(desk: Client, prescriber: StaffMember) -> None:
    nobody_weighed = cast.patient("Noor")
    cast.treats(prescriber, nobody_weighed)
    for told in (IV, SC):
        words = page(desk, nobody_weighed, told)
        assert not drawing(words)
        assert "he weight" in words


@pytest.mark.hazard(15)
def test_of_a_very_low_confidence_the_band_alone_is_drawn(desk: Client, robin: Patient) -> None:
    words = page(desk, robin, SC)
    assert 'class="outer"' in drawing(words) and 'class="line"' not in drawing(words)
    assert "not drawn" in words and "Highest, typical" not in words
    assert "the band alone is drawn" in words


@pytest.mark.hazard(15)
def test_nothing_is_drawn_in_the_two_minutes_after_a_bolus(desk: Client, robin: Patient) -> None:
    words = page(desk, robin, {**IV, "a-infusion_min": "0"})
    line = re.search(r'class="line" d="M([\d.]+),', words)
    whole = re.search(r'class="line" d="M([\d.]+),', page(desk, robin, IV))
    assert line and whole
    assert float(line[1]) == pytest.approx(float(whole[1]) + 556 * 2 / 240, abs=0.2)


def test_two_plans_stand_in_one_drawing_each_with_its_own_words(
    desk: Client, robin: Patient
) -> None:
    other = {"b-how": "RACEMIC PO", "b-dose_value": "100", "b-unit": "mg"}
    words = page(desk, robin, {**IV, **other, "medicine": ""})
    assert drawing(words).count('class="line"') == 2
    assert ">A</text>" in drawing(words) and ">B</text>" in drawing(words)
    assert "<h3>Plan A</h3>" in words and "<h3>Plan B</h3>" in words
    assert ">480</text>" in drawing(words)  # what is swallowed goes in slowly
    assert "Salt or base was not said" in words


def test_one_of_two_that_lacks_something_says_so_beside_the_other(
    desk: Client, robin: Patient
) -> None:
    words = page(desk, robin, {**IV, "b-how": "RACEMIC IM"})
    assert drawing(words).count('class="line"') == 1
    assert "Plan B: no curve." in words and "The dose." in words


def test_a_spray_comes_in_whole_devices(desk: Client, robin: Patient) -> None:
    assert "Perez-Ruixo 2021" in page(desk, robin, SPRAY)
    half = page(desk, robin, {**SPRAY, "a-dose_value": "40"})
    assert "Whole devices" in half and not drawing(half)


def test_a_blood_test_and_another_medicine_change_the_curve_and_say_so(
    desk: Client, robin: Patient
) -> None:
    vein = page(desk, robin, {**IV, "matrix": "venous"})
    assert "in venous plasma" in vein and "set on one number" in vein
    swallowed = {"a-how": "RACEMIC PO", "a-dose_value": "50", "a-unit": "mg"}
    assert "With rifampicin, oral" in page(desk, robin, {**swallowed, "medicine": "rifampicin"})
    none = page(desk, robin, {**IV, "medicine": "clarithromycin"})
    assert "The other medicine:" in none and not drawing(none)
    assert "in venous plasma" in page(desk, robin, {**SPRAY, "matrix": "venous"})


@pytest.mark.parametrize(
    ("how", "words"),
    [(IV, "Norketamine in venous plasma."), (SPRAY, "S-norketamine in venous plasma.")],
)
def test_norketamine_is_drawn_where_it_is_asked_for_and_named_in_every_place(
    desk: Client, robin: Patient, how: dict[str, str], words: str
) -> None:
    """Its level taken for the drug's own would be a dose that is over when it is not."""
    found = page(desk, robin, {**how, "metabolite": "on"})
    assert words in found and "Predicted curve of norketamine" in found
    assert "concentration of norketamine in plasma" in drawing(found)
    assert "ng/mL of norketamine by minute" in found
    assert "norketamine in venous" not in page(desk, robin, how)
    both = page(desk, robin, {**how, "metabolite": "on", "medicine": "rifampicin"})
    assert "no published ratio for norketamine" in both and not drawing(both)


@pytest.mark.hazard(15)
def test_outside_what_a_model_was_built_on_there_is_no_curve_and_the_reason(
    desk: Client, robin: Patient
) -> None:
    ground.tell(robin, "weight_kg", 150, NOW + timedelta(seconds=30))
    words = page(desk, robin, IV)
    assert not drawing(words)
    assert "Weight: 150 kg is outside 45 to 110 of Kamp 2020." in words
    too_much = page(desk, robin, {**IV, "a-dose_value": "1200", "a-unit": "mg"})
    assert "The dose: 1200 is outside" in too_much


def test_a_field_that_cannot_be_read_draws_nothing(desk: Client, robin: Patient) -> None:
    words = page(desk, robin, {**IV, "a-dose_value": "half"})
    assert not drawing(words)
    assert "Write one number with a point" in words and "cannot be read" in words


def test_a_product_that_no_model_takes_says_so(
    desk: Client, robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(form: Form, way: Way) -> None:
        raise UnknownContent("model: there is none.")

    monkeypatch.setattr(predicted, "default", none)
    assert "No published model takes this product" in page(desk, robin, IV)


def test_who_may_not_open_the_chart_sees_no_curve(robin: Patient) -> None:
    other = cast.signed_in(cast.staff(Role.RESEARCHER))
    assert other.get(reverse("curves:tried", args=[robin.pk])).status_code in (403, 404)


@pytest.mark.one_database
def test_a_drawing_with_its_band_takes_milliseconds(desk: Client, robin: Patient) -> None:
    """Asked for at each change of the form: a slow answer would be of what stood there before."""
    page(desk, robin, IV)
    took = []
    for _ in range(5):
        began = time.process_time()
        page(desk, robin, IV, headers={"HX-Request": "true"})
        took.append(time.process_time() - began)
    assert min(took) < 0.25


def test_the_lesson_holds_each_link_with_its_uncertainty(desk: Client) -> None:
    words = desk.get(reverse("curves:teaching")).content.decode()
    for told in (
        "never measured in patients",
        "Illustration of a hypothesis.",
        "Nobody&#x27;s mood is predicted",
        "The monitor decides",
        "No clinician has reviewed it",
    ):
        assert told in words
    assert drawing(words)

"""What staff and a patient see and press on the pages of plan, consent and order."""

import builtins
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from clinic.people import proof
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import consent_text
from clinic.planning.models import Consent, Plan
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def desk(prescriber: StaffMember, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The prescriber's browser; whoever signs proved a moment ago who they are."""
    monkeypatch.setattr(proof, "is_fresh", lambda request: True)
    return cast.signed_in(prescriber)


def at(name: str, person: Patient, *more: object) -> str:
    return reverse(f"planning:{name}", args=[person.pk, *more])


PLAN = {
    "indication_id": "IND-01", "goals": "Sleep.", "treatment": "RACEMIC:IM",
    "dose_model_id": "THX-02", "sessions": 6, "spacing_days": 3, "costs": "600 dollars",
}  # fmt: skip


def test_a_plan_is_written_and_changed(clear: Clear, robin: Patient, desk: Client) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    assert "Not written yet" in desk.get(at("overview", robin)).content.decode()
    assert "Cannot be planned here" in desk.get(at("edit", robin)).content.decode()
    assert desk.post(at("edit", robin), PLAN).status_code == 302
    page = desk.get(at("overview", robin)).content.decode()
    assert "600 dollars" in page
    assert "The preparation visit has not been recorded." in page
    seen = desk.get(at("edit", robin)).context["form"].initial["replaces"]
    change = PLAN | {"replaces": seen, "sessions": 4}
    assert "required" in desk.post(at("edit", robin), change).content.decode()
    assert desk.post(at("edit", robin), change | {"reason": "Fewer."}).status_code == 302
    assert Plan.objects.count() == 2
    assert "Fewer." in desk.get(at("overview", robin)).content.decode()


def test_a_plan_that_cannot_be_is_shown_beside_its_field(
    clear: Clear, robin: Patient, desk: Client
) -> None:
    page = desk.post(at("edit", robin), PLAN).content.decode()
    assert "No episode of care is open" in page
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    page = desk.post(at("edit", robin), PLAN | {"dose_model_id": "THX-03"}).content.decode()
    assert "is not used with racemic IM" in page
    assert not Plan.objects.exists()


def answers(desk: Client, person: Patient, reply: str = "agreed") -> dict[str, object]:
    """The consent form, filled in alike."""
    form = desk.get(at("consent", person)).context["form"]
    told: dict[str, object] = {field.name: field.value() for field in form.hidden_fields()} | {
        "language": "English",
        **dict.fromkeys(("understands", "appreciates", "weighs", "chooses"), "on"),
        "copy_given": "on",
    }
    told |= {item.id: reply for item in form.items}
    told |= {f"{item.id}-initials": "RE" for item in form.items}
    return told | {"signed_name": "Robin Example"}


@pytest.mark.parametrize(("reply", "holds"), [("agreed", True), ("refused", False)])
def test_a_consent_is_signed_item_by_item_and_copied(
    planned: Plan, robin: Patient, desk: Client, reply: str, holds: bool
) -> None:
    page = desk.post(at("consent", robin), answers(desk, robin, reply), follow=True)
    kept = Consent.objects.get()
    assert kept.agreed is holds
    assert ("Does not hold" in page.content.decode()) is not holds
    copy = desk.get(at("copy", robin, kept.pk))
    assert copy["Content-Type"] == "application/pdf"
    words = " ".join(
        " ".join(each.extract_text() for each in PdfReader(io.BytesIO(copy.content)).pages).split()
    )
    assert "Demonstration text: no clinician and no lawyer has reviewed it." in words
    assert kept.document_sha256 in words.replace(" ", "")
    assert words.count("Robin Example, born 1980-05-17, record K000001") > 2, "on every page"
    for item in consent_text.items_for(planned):
        assert item.title in words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"CON-05": ""}, "Answer this one too."),
        ({"CON-05": "asked"}, "does not say what was asked"),
        ({"CON-05-initials": ""}, "required"),
        ({"signed_name": "Somebody Else"}, "not the name on this record"),
        ({"weighs": ""}, "required"),
        ({"plan_id": str(uuid4())}, "changed meanwhile"),
    ],
)
def test_half_a_consent_is_not_kept(
    planned: Plan, robin: Patient, desk: Client, change: dict[str, object], said: str
) -> None:
    page = desk.post(at("consent", robin), answers(desk, robin) | change).content.decode()
    assert said in page
    assert not Consent.objects.exists()


def test_without_its_libraries_the_pdf_is_a_page(
    planned: Plan,
    robin: Patient,
    prescriber: StaffMember,
    desk: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = ground.consent(planned, prescriber)
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    page = desk.get(at("copy", robin, kept.pk)).content.decode()
    assert "The PDF could not be made" in page
    assert kept.document_sha256 in page


def test_a_copy_of_another_person_does_not_exist(
    planned: Plan, robin: Patient, prescriber: StaffMember, desk: Client
) -> None:
    kept = ground.consent(planned, prescriber)
    other = cast.patient("Sam", "Other")
    cast.treats(prescriber, other)
    assert desk.get(at("copy", other, kept.pk)).status_code == 404


def test_a_paper_loads_nothing_from_elsewhere() -> None:
    from clinic.planning import pdf

    with pytest.raises(ValueError, match="loads nothing"):
        pdf._fetch_nothing("http://elsewhere.example/")


def test_any_of_the_team_records_a_withdrawal(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    ground.consent(planned, prescriber)
    nurse = cast.signed_in(cast.treats(cast.staff(Role.NURSE), robin))
    url = reverse("dosing:withdraw", args=[robin.pk])
    assert "no drug may be started" in nurse.get(url).content.decode()
    page = nurse.post(url, {"words": ""}, follow=True).content.decode()
    assert "Consent was withdrawn." in page


@pytest.mark.parametrize("name", ["consent", "order"])
def test_without_a_plan_there_is_nothing_to_sign(robin: Patient, desk: Client, name: str) -> None:
    assert "There is no plan yet" in desk.get(at(name, robin)).content.decode()
    assert "There is no plan yet" in desk.post(at("sign", robin)).content.decode()


def test_who_may_not_does_not_find_the_page(planned: Plan, robin: Patient) -> None:
    nurse = cast.signed_in(cast.treats(cast.staff(Role.NURSE), robin))
    manager = cast.signed_in(cast.staff(Role.MANAGER))
    stranger = cast.signed_in(cast.staff(Role.PRESCRIBER))
    for client, names in (
        (nurse, ["edit", "order"]),
        (manager, ["overview", "edit", "consent", "order"]),
        (stranger, ["overview", "edit", "consent", "order"]),
    ):
        for name in names:
            assert client.get(at(name, robin)).status_code == 404
    for client in (manager, stranger):
        assert client.get(reverse("dosing:withdraw", args=[robin.pk])).status_code == 404
    page = nurse.get(at("overview", robin)).content.decode()
    assert "Change" not in page
    assert "Write the order" not in page

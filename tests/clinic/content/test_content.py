"""Nobody real comes in before a medical director of this clinic answers for what it works by."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, Error, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from clinic.content import actions, held, queries
from clinic.content.models import SeverityChoice, Signature, Withdrawal
from clinic.people import admission
from clinic.people.actions import register_patient
from clinic.people.models import AuditEntry, Licence, Patient, StaffMember
from clinic.people.proof import PASSWORD
from clinic.people.roles import Role
from clinic.site.templatetags import look
from kapstone import content as core
from kapstone.content import ContentRow
from kapstone.eligibility import rule
from kapstone.findings import Severity
from tests.clinic import cast

pytestmark = pytest.mark.django_db

MODE = "Demonstration mode"
PROOF = {PASSWORD: cast.PASSWORD}
TYPED = {
    "given_name": "Maria",
    "family_name": "Lopez",
    "birth_date": "1980-03-03",
    "sex": "female",
    "language": "en-US",
    "time_zone": "America/New_York",
}


@pytest.fixture
def director() -> StaffMember:
    """Who signs."""
    return cast.staff(Role.MEDICAL_DIRECTOR)


def one() -> ContentRow:
    """A row that needs a signature."""
    return held.by_id()[("dose", "DOS-W2")]


def sign(row: ContentRow, director: StaffMember) -> Signature:
    [made] = actions.sign(
        shown={(row.room, row.id): row.digest}, by=director.user, at=timezone.now()
    )
    return made


def bleed() -> ContentRow:
    """A band that is ABSOLUTE, with a floor of RELATIVE."""
    return core.rule_row(next(row for row in rule("SCR-003") if row.band == "RACEMIC"))


def posted(*rows: ContentRow) -> dict[str, object]:
    listed = [f"{each.room}/{each.id}/{each.digest}" for each in rows]
    return {"room": rows[0].room, "row": listed, "read": "on"}


# --- demonstration mode -------------------------------------------------------------------------


@pytest.mark.hazard(27)
def test_nobody_real_comes_in_until_every_row_is_signed() -> None:
    """A clinic that never looked at a dose limit must not work by it on a person."""
    cast.patient()  # an invented one may
    real = {"given_name": "A", "family_name": "B", "birth_date": date(1980, 1, 1), "sex": "female"}
    with pytest.raises(admission.NotAdmitted, match="not signed in this clinic"):
        register_patient(patient=Patient(**real), by=None, at=cast.NOON)
    assert queries.unsigned() == len(held.to_sign()) > 400
    cast.sign_content()
    assert (queries.unsigned(), queries.demonstration()) == (0, "")
    register_patient(patient=Patient(**real), by=None, at=cast.NOON)
    assert Patient.objects.filter(synthetic=False).count() == 1


@pytest.mark.hazard(27)
def test_one_row_that_changed_brings_the_mode_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release with another limit must not inherit the signature for the old one."""
    cast.sign_content()
    changed = core.made(one().room, one().id, one().words, {"days": 90}, (), "P")
    rows = (*(row for row in held.rows() if row.digest != one().digest), changed)
    monkeypatch.setattr(held, "rows", lambda: rows)
    monkeypatch.setattr(held, "to_sign", lambda: {r.digest: r for r in rows if r.to_sign})
    assert queries.unsigned() == 1
    assert queries.demonstration().startswith("Demonstration mode: 1 row of")
    [line] = [line for line in queries.lines("dose") if line.row is changed]
    assert line.waits and line.before is not None
    assert queries.lines("dose")[0] is not None and queries.lines("dose")[0].waits


@pytest.mark.hazard(27)
def test_a_withdrawn_signature_brings_the_mode_back(director: StaffMember) -> None:
    cast.sign_content()
    given = Signature.objects.get(row=one().id)
    for reason in ("It does not fit our scale.", "Said twice."):
        made = actions.withdraw(signature=given, reason=reason, by=director.user, at=cast.NOON)
    assert made.reason == "It does not fit our scale."
    assert queries.unsigned() == 1
    sign(one(), director)
    assert queries.unsigned() == 0
    assert queries.history(one()).count() == 2


def test_the_demo_stays_a_demonstration_whatever_is_signed(settings: Settings) -> None:
    cast.sign_content()
    settings.DEMO = True
    assert queries.demonstration().startswith("Demonstration: synthetic people only.")


def test_the_page_to_add_somebody_says_what_to_do_and_keeps_nothing() -> None:
    desk = cast.signed_in(cast.staff(Role.FRONT_DESK))
    for answer in (desk.get("/patients/new/"), desk.post("/patients/new/", TYPED)):
        assertContains(answer, "Nobody can be added yet", status_code=409)
        assertContains(answer, "the medical director opens Clinical content", status_code=409)
    assert not Patient.objects.exists()
    cast.sign_content()
    desk.post("/patients/new/", TYPED)
    assert Patient.objects.get().synthetic is False


def test_whoever_is_typed_in_at_the_demo_is_invented(settings: Settings) -> None:
    settings.DEMO = True
    cast.signed_in(cast.staff(Role.FRONT_DESK)).post("/patients/new/", TYPED)
    assert Patient.objects.get().synthetic is True


def test_every_page_and_print_says_so_until_it_is_signed(client: Client) -> None:
    """Whoever finds the sheet in a drawer must see that nobody answered for it."""
    for address in ("/account/login/", "/nothing/here/"):
        page = client.get(address).content.decode()
        assert MODE in page and "unsigned-print.css" in page
    cast.sign_content()
    for address in ("/account/login/", "/nothing/here/"):
        page = client.get(address).content.decode()
        assert MODE not in page and "print.css" in page and "unsigned-print" not in page


def test_an_error_page_shows_the_mode_when_the_database_is_what_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> str:
        raise Error

    monkeypatch.setattr(look.queries, "demonstration", fails)
    assert look.demonstration().startswith(MODE)


# --- signing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.MANAGER, Role.NURSE])
def test_only_a_medical_director_signs(role: Role) -> None:
    member = cast.staff(role)
    with pytest.raises(actions.NotSignable, match="Only a medical director"):
        sign(one(), member)
    browser = cast.signed_in(member)
    assert browser.get(reverse("content:content")).status_code == 200
    assertNotContains(browser.get(reverse("content:room", args=["dose"])), "> Sign ")
    answer = browser.post(reverse("content:sign"), posted(one()) | PROOF)
    assert answer.status_code == 403
    assert not Signature.objects.exists()


def test_a_director_whose_licence_is_over_signs_nothing() -> None:
    member = cast.staff(Role.MEDICAL_DIRECTOR, expires_on=date(2020, 1, 1))
    with pytest.raises(actions.NotSignable):
        sign(one(), member)


def test_desk_and_research_do_not_read_it() -> None:
    for role in (Role.FRONT_DESK, Role.RESEARCHER):
        assert cast.signed_in(cast.staff(role)).get("/content/").status_code == 403


def test_what_is_signed_is_kept_with_who_when_licence_and_words(director: StaffMember) -> None:
    made = sign(one(), director)
    assert (made.by, made.licence) == (director.user, Licence.objects.get(staff=director))
    assert (
        made.shown["mark"] == "P"
        and ["message", dict(one().value)["message"]] in (made.shown["value"])
    )
    [entry] = AuditEntry.objects.filter(action="sign_content")
    assert entry.detail["rows"] == [f"dose/DOS-W2 {one().digest[:12]}"]
    again = actions.sign(
        shown={("dose", "DOS-W2"): one().digest}, by=director.user, at=timezone.now()
    )
    assert (again, Signature.objects.count()) == ([], 1)


@pytest.mark.hazard(27)
def test_a_row_that_is_not_what_was_shown_is_not_signed(director: StaffMember) -> None:
    """The page was open while the release changed: what was read is not what is in force."""
    two = held.by_id()[("dose", "DOS-W1")]
    shown = {("dose", two.id): two.digest, ("dose", one().id): "0" * 64}
    with pytest.raises(actions.NotSignable, match="dose/DOS-W2 changed since it was shown"):
        actions.sign(shown=shown, by=director.user, at=timezone.now())
    free = next(row for row in held.rows() if not row.to_sign)
    with pytest.raises(actions.NotSignable, match="needs no signature: its mark is S"):
        sign(free, director)
    assert not Signature.objects.exists()


def test_signing_asks_for_a_fresh_proof_and_signs_what_stays_ticked(director: StaffMember) -> None:
    browser = cast.signed_in(director)
    room = reverse("content:room", args=["dose"])
    page = browser.get(room)
    waiting = [line.row for line in queries.lines("dose") if line.waits]
    assertContains(page, "Not signed in this clinic", count=len(waiting))
    assertContains(page, "> Sign DOS-", count=len(waiting))
    ticked = posted(*waiting[1:])
    assert browser.post(reverse("content:sign"), ticked).status_code == 403
    assert not Signature.objects.exists()
    done = browser.post(reverse("content:sign"), ticked | PROOF, follow=True)
    assertContains(done, f"{len(waiting) - 1} rows signed.")
    assertContains(done, "Not signed in this clinic", count=1)
    assertContains(done, f"Signed by {director.name}")
    done = browser.post(reverse("content:sign"), posted(waiting[0]), follow=True)
    assertContains(done, "1 row signed.")
    for show, said in (("unsigned", "No such row here"), ("free", "Needs no signature")):
        assertContains(browser.get(room, {"show": show}), said)
    assertContains(browser.get(room, {"show": "signed"}), "Signed by", count=len(waiting))


def test_nothing_ticked_or_no_row_signs_nothing(director: StaffMember) -> None:
    browser = cast.signed_in(director)
    for told, said in (
        ({"room": "dose"}, "tick the rows you sign"),
        ({"row": ["no row"]}, "tick the rows you sign"),
        ({"row": ["a/b/c"], "read": "on"}, "a/b changed since it was shown"),
        ({"row": posted(one())["row"]}, "say that you have read each of the rows"),
    ):
        answer = browser.post(reverse("content:sign"), told | PROOF, follow=True)
        assertContains(answer, said)
    assert not Signature.objects.exists()


def test_a_row_shows_its_history_and_a_signature_is_withdrawn_with_a_reason(
    director: StaffMember,
) -> None:
    browser, row = cast.signed_in(director), one()
    there = reverse("content:row", args=[row.room, row.id])
    assertContains(browser.get(there), "Nobody has signed it in this clinic.")
    made = sign(row, director)
    Signature.objects.create(
        room=row.room,
        row=row.id,
        digest="0" * 64,
        shown=actions.as_shown(replace(row, value=(("limit", "the old one"),))),
        by=director.user,
        licence=made.licence,
        at=cast.LONG_AGO,
    )
    page = browser.get(there)
    assertContains(page, "Signed in this clinic")
    assertContains(page, "the old one")
    assertContains(page, row.digest)
    withdraw = reverse("content:withdraw", args=[made.pk])
    assert browser.post(withdraw, PROOF).status_code == 422
    answer = browser.post(withdraw, {"reason": "Our scale is another."}, follow=True)
    assertContains(answer, "Withdrawn by")
    assertContains(answer, "Our scale is another.")
    assertContains(answer, "Changed since it was signed")
    assert browser.post(withdraw, {"reason": "Again."}).status_code == 404


def test_a_signature_of_a_row_that_is_gone_has_no_page(director: StaffMember) -> None:
    made = sign(one(), director)
    gone = Signature.objects.create(
        room="dose",
        row="GONE",
        digest="0" * 64,
        shown={},
        by=director.user,
        licence=made.licence,
        at=cast.NOON,
    )
    browser = cast.signed_in(director)
    address = reverse("content:withdraw", args=[gone.pk])
    assert browser.post(address, {"reason": "x"} | PROOF).status_code == 404


@pytest.mark.parametrize(
    "address", ["/content/rows/nowhere/", "/content/rows/dose/GONE/", "/content/rows/x/DOS-W2/"]
)
def test_what_is_not_held_is_not_there(director: StaffMember, address: str) -> None:
    assert cast.signed_in(director).get(address).status_code == 404


def test_every_room_and_every_row_has_its_page(director: StaffMember) -> None:
    browser = cast.signed_in(director)
    assertContains(browser.get("/content/"), "not signed in this clinic")
    for room in held.rooms():
        for number in (1, 2):
            page = browser.get(reverse("content:room", args=[room]), {"page": number})
            assert page.status_code == 200
        row = next(each for each in held.rows() if each.room == room)
        assertContains(browser.get(reverse("content:row", args=[room, row.id])), row.digest)


def test_text_of_consent_and_spans_are_content_too() -> None:
    assert held.by_id()[("consent", "CON-01")].to_sign
    assert held.by_id()[("plan", "CON-16")].value == (("value", "180 days"),)


def test_signatures_and_choices_are_never_changed_or_removed(director: StaffMember) -> None:
    made = sign(one(), director)
    chosen = actions.set_severity(
        row=bleed(), severity=Severity.RELATIVE, reason="x", by=director.user, at=cast.NOON
    )
    told = {"by": director.user, "at": cast.NOON}
    other = sign(held.by_id()[("dose", "DOS-W1")], director)
    withdrawn = Withdrawal.objects.create(signature=other, reason="x", **told)
    for row in (made, chosen, withdrawn):
        for change in (row.delete, lambda row=row: type(row).objects.update(at=cast.LONG_AGO)):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.create(signature=made, reason="", **told)


# --- severities ---------------------------------------------------------------------------------


@pytest.mark.hazard(12)
def test_a_severity_goes_no_further_than_its_floor(director: StaffMember) -> None:
    with pytest.raises(actions.NotSignable, match="may not be CAUTION in a clinic"):
        actions.set_severity(
            row=bleed(), severity=Severity.CAUTION, reason="x", by=director.user, at=cast.NOON
        )
    with pytest.raises(actions.NotSignable):
        actions.set_severity(
            row=one(), severity=Severity.ABSOLUTE, reason="x", by=director.user, at=cast.NOON
        )
    browser = cast.signed_in(director)
    address = reverse("content:severity", args=[bleed().id])
    refused = browser.post(address, {"severity": "INFO", "reason": "Ours."} | PROOF)
    assert refused.status_code == 422
    answer = browser.post(address, {"severity": "RELATIVE", "reason": "Ours."}, follow=True)
    assertContains(answer, "SCR-003.RACEMIC is RELATIVE in this clinic from now on.")
    assertContains(answer, "set by")
    assertContains(browser.get("/content/"), "Ours.")
    page = browser.get(reverse("content:room", args=["eligibility"]), {"page": 2})
    pages = page.content + browser.get(reverse("content:room", args=["eligibility"])).content
    assert b"This clinic set" in pages
    no_rule = reverse("content:severity", args=["SCR-R2"])
    assert browser.post(no_rule, {"severity": "INFO"}).status_code == 404
    assert SeverityChoice.objects.count() == 1


def test_set_back_as_published_nothing_is_set(director: StaffMember) -> None:
    for hours, severity in enumerate((Severity.RELATIVE, Severity.ABSOLUTE)):
        actions.set_severity(
            row=bleed(),
            severity=severity,
            reason="x",
            by=director.user,
            at=cast.NOON + timedelta(hours=hours),
        )
    assert queries.choices_in_force() == {}
    assert queries.choices_of(bleed()).count() == 2


@pytest.mark.hazard(12)
def test_what_was_set_for_an_older_version_lapses(director: StaffMember) -> None:
    """A rule that a release made stricter must not stay mild because its older self was."""
    SeverityChoice.objects.create(
        row=bleed().id,
        digest="0" * 64,
        number=1,
        severity=Severity.RELATIVE,
        reason="Ours.",
        by=director.user,
        at=cast.NOON,
    )
    assert queries.choices_in_force() == {}
    page = cast.signed_in(director).get(reverse("content:row", args=["eligibility", bleed().id]))
    assertContains(page, "lapsed")

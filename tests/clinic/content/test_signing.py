"""What is signed is what was read, by whom it says, and never changed."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from clinic.content import actions, held, queries
from clinic.content.models import Signature, Withdrawal
from clinic.people.models import AuditEntry, Licence, StaffMember
from clinic.people.roles import Role
from kapstone.findings import Severity
from tests.clinic import cast
from tests.clinic.content.rows import PROOF, bleed, one, posted, sign

pytestmark = pytest.mark.django_db


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
    for row in waiting:
        assertContains(page, f"> Sign {row.id}<", count=1)
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


def test_the_list_before_a_dose_and_the_clocks_of_its_alarms_are_content_too() -> None:
    """Else a clinic would go live on lines that nobody of it ever answered for."""
    assert held.by_id()[("day", "DAY-01")].to_sign
    assert ("required", "yes") in held.by_id()[("day", "DAY-04")].value
    assert held.by_id()[("alarm_clocks", "backup")].value == (("after", "30 s"),)
    assert held.by_id()[("alarm_clocks", "pause")].to_sign


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

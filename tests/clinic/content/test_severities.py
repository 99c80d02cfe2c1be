"""A clinic sets a severity no milder than its floor."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from clinic.content import actions, held, queries
from clinic.content.models import SeverityChoice
from clinic.people.models import StaffMember
from kapstone.findings import Severity
from tests.clinic import cast
from tests.clinic.content.rows import PROOF, bleed, one

pytestmark = pytest.mark.django_db


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
    room, rows = reverse("content:room", args=["eligibility"]), len(held.by_id())
    pages = [browser.get(room, {"show": "all", "page": n + 1}).content for n in range(rows // 25)]
    assert any(b"This clinic set" in page for page in pages)
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

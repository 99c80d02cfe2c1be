"""Rows of content for the tests, and what a browser posts to sign them."""

from django.utils import timezone

from clinic.content import actions, held
from clinic.content.models import Signature
from clinic.people.models import StaffMember
from clinic.people.proof import PASSWORD
from kapstone import content as core
from kapstone.content import ContentRow
from kapstone.eligibility import rule
from tests.clinic import cast

PROOF = {PASSWORD: cast.PASSWORD}


def one() -> ContentRow:
    """A row that needs a signature."""
    return held.by_id()[("dose", "DOS-W2")]


def bleed() -> ContentRow:
    """A band that is ABSOLUTE, with a floor of RELATIVE."""
    return core.rule_row(next(row for row in rule("SCR-003") if row.band == "RACEMIC"))


def sign(row: ContentRow, director: StaffMember) -> Signature:
    """One row signed now."""
    [made] = actions.sign(
        shown={(row.room, row.id): row.digest}, by=director.user, at=timezone.now()
    )
    return made


def posted(*rows: ContentRow) -> dict[str, object]:
    """What the form of a room posts."""
    listed = [f"{each.room}/{each.id}/{each.digest}" for each in rows]
    return {"room": rows[0].room, "row": listed, "read": "on"}

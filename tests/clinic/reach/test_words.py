"""No message may say who somebody is, or anything about their health: anybody may read a phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from clinic.alerts import actions as alerts
from clinic.alerts import ladder
from clinic.alerts.models import Alert
from clinic.measures import sending
from clinic.measures.causes import cause
from clinic.measures.models import DueItem
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.reach import actions
from clinic.reach.messages import Way
from clinic.reach.models import PatientReach, ReminderWay
from kapstone.pathway import Episode as Stage
from kapstone.risk import Trigger
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, DAY_7, HOUR
from tests.clinic.reach.servers import text_gateway

pytestmark = pytest.mark.django_db
FOUR = datetime(2026, 3, 4, 21, tzinfo=UTC)
CANARIES = {
    "preferred_name": "Canarypreferred",
    "address": "1 Canarystreet",
    "emergency_name": "Canaryfriend",
    "email": "somebody@home.example",
    "phone": "+12025550111",
}
HEALTH = (
    *("dose", "ketamine", "depress", "phq", "gad", "mood", "suicid", "safety", "c-ssrs"),
    *("record", "questionnaire", "therap", "psych", "drug", "1980", "k0000"),
)


def _person(family: str) -> Patient:
    person = cast.patient("Canarygiven", family, **CANARIES)
    follow.dose(follow.in_series(person))
    return person


def _nurse() -> StaffMember:
    nurse = cast.staff(Role.NURSE, "Noor Nurse")
    cast.on_call(nurse, until=FOUR + HOUR)
    cast.staff(Role.MEDICAL_DIRECTOR, "Dee Director")
    return nurse


def test_every_message_of_this_clinic_says_nothing_about_anybody(settings: Settings) -> None:
    nurse, by_mail, by_text = _nurse(), _person("Canaryfamily"), _person("Canarysecond")
    actions.choose_way(staff=nurse, way=Way.TEXT, number="+12025550150", by=nurse.user, at=NOON)
    wishes = PatientReach(patient=by_text, reminders_by=ReminderWay.TEXT)
    actions.keep_wishes(wishes=wishes, by=nurse.user, at=NOON)
    with text_gateway() as gateway:
        settings.CLINIC_TEXT = gateway.address
        for trigger in (Trigger.HIGH_TIER, Trigger.LOW_TIER, Trigger.INCOMPLETE):
            alerts.raise_alert(cause(trigger), patient=by_mail, subject=by_mail, by=None, at=NOON)
        ladder.deliver(NOON)
        ladder.climb(NOON + 3 * HOUR)  # backup, everybody, overdue
        ladder.deliver(NOON + 3 * HOUR)
        ladder.tell_empty_night(FOUR)
        ladder.deliver(FOUR)
        assert sending.send(DAY_7) == 2
    letters = [f"{each.subject}\n{each.body}\n{each.extra_headers}" for each in mail.outbox]
    texts = [body for _, body in gateway.came]
    rungs = ("the owner", "the backup", "the whole clinic", "not reached in time", "tonight")
    told = "\n".join(letters + texts).lower()
    assert [rung for rung in rungs if rung not in told] == [], "every kind of message was looked at"
    assert sum("your clinic has" in each.lower() for each in letters + texts) == 2
    told = re.sub(r"/q/[^\s\\]+", "", told)  # secrets are chance
    for word in ("canary", *HEALTH, nurse.user.email, "somebody@home", "5550111", "5550150"):
        assert word not in told, word


@pytest.mark.hazard(10)
def test_a_missed_questionnaire_about_suicide_of_somebody_with_a_tier_is_urgent() -> None:
    _nurse()
    at_risk, other = _person("One"), _person("Two")
    low = cause(Trigger.LOW_TIER)
    alerts.raise_alert(low, patient=at_risk, subject=at_risk, by=None, at=NOON)
    over = DAY_7 + 3 * DAY
    sending.tell_missed(over)
    sending.tell_missed(over + DAY)
    found = Alert.objects.filter(code="phq9.missed_at_risk")
    assert {alert.patient for alert in found} == {at_risk}
    assert {alert.level for alert in found} == {"urgent"}
    missed = DueItem.objects.filter(ask="phq9", closes_at__lte=over, row__in=("OUT-72", "OUT-7D"))
    assert found.count() == missed.filter(patient=at_risk).count() == 2, "each once, GAD-7 never"
    assert missed.filter(patient=other, told_at=None).count() == 2


def test_after_the_end_a_missed_questionnaire_tells_nobody() -> None:
    person = _person("One")
    low = cause(Trigger.LOW_TIER)
    alerts.raise_alert(low, patient=person, subject=person, by=None, at=NOON)
    follow.end(person.episodes.get(), Stage.DIED, NOON + timedelta(hours=1))  # type: ignore[attr-defined]
    assert sending.tell_missed(DAY_7 + 3 * DAY) == 0

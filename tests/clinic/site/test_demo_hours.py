"""Started at night, the demo is the same: a day that begins at one date and is asked at another
was refused, and nobody saw the demo until an hour later."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from clinic.site.seeds import patients, staff
from clinic.site.seeds.person import Person, team
from clinic.site.seeds.places import STANDS, Place
from kapstone import synth
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY_TOO = (Place.SPRAYED, Place.STRONGER, Place.ORDER_LAPSED, Place.BOOKED)


TIMES = [(place, minutes) for place in TODAY_TOO for minutes in (25, 80, 190, 230, 310)]


@pytest.mark.parametrize(("place", "after_midnight_min"), TIMES)
def test_whoever_comes_today_is_told_at_any_hour(
    settings: Settings, place: Place, after_midnight_min: int
) -> None:
    settings.DEMO = True
    midnight = timezone.localtime(cast.NOON).replace(hour=0, minute=0)
    now: datetime = midnight + timedelta(minutes=after_midnight_min)
    staff.fill(now)
    number = next(number for number, stands in STANDS.items() if stands is place)
    today = timezone.localdate(now)
    drawn = synth.people(patients.SEED, patients.COUNT, today, patients.PRODUCTS)[number]
    person = Person(drawn, patients.row_of(drawn), team(), today)
    told = sorted(patients.record_of(person, now), key=lambda event: event[0])
    for at, tell in told:
        tell(at)
    assert told
    assert all(at <= now for at, _ in told)

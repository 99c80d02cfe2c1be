"""A screen that froze shows the oxygen of a minute ago and sounds no alarm."""

from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinic.alerts.models import Alert
from clinic.dosing import consoles, escalation, readiness, screen
from clinic.dosing.models import ConsoleBeat, DosingSession, Sound
from clinic.people.models import StaffMember
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

AUDIBLE = consoles.audible  # as it is, before a scene puts it in place


@pytest.fixture
def here(im: Scene) -> Scene:
    """The person has come."""
    DosingSession.objects.filter(pk=im.session.pk).update(phase="arrived")
    return im


def _beat(day: Scene, who: StaffMember, seconds: float, console_id: UUID) -> ConsoleBeat:
    return consoles.beat(
        session=day.session,
        said=consoles.Said(console_id, 1),
        by=who.user,
        at=after(1, seconds),
    )


def _told() -> list[str]:
    rows = Alert.objects.filter(code__startswith="console.").order_by("raised_at")
    return [row.message for row in rows]


@pytest.mark.hazard(7)
@pytest.mark.parametrize(("silent_s", "told"), [(8, 0), (9, 1)])
def test_a_console_that_falls_silent_is_missed(here: Scene, silent_s: int, told: int) -> None:
    _beat(here, here.nurse, 0, uuid4())
    for _ in range(2):
        escalation.watch(after(1, silent_s))
    assert len(_told()) == told
    assert len(consoles.lost(here.session, after(1, silent_s))) == told


def test_a_console_whose_beats_could_not_be_written_is_not_missed(here: Scene) -> None:
    """A full disk would send people to consoles that are awake, as soon as it is mended."""
    _beat(here, here.nurse, 0, console := uuid4())
    consoles.note_awake(console, after(1, 8))
    escalation.watch(after(1, 9))
    assert not _told()


def test_a_console_that_was_closed_is_not_missed(here: Scene) -> None:
    _beat(here, here.nurse, 0, console := uuid4())
    consoles.leave(session=here.session, console_id=console, by=here.nurse.user, at=after(1))
    escalation.watch(after(9))
    assert not _told()


@pytest.mark.parametrize(("late_s", "missed"), [(7, 0), (8, 1)])
def test_a_beat_that_was_under_way_opens_no_closed_console(
    here: Scene, late_s: int, missed: int
) -> None:
    """Else whoever leaves a page is now and then called lost; a frozen one that wakes is heard."""
    _beat(here, here.nurse, 0, console := uuid4())
    consoles.leave(session=here.session, console_id=console, by=here.nurse.user, at=after(1))
    _beat(here, here.nurse, late_s, console)
    assert len(consoles.lost(here.session, after(2))) == missed


def test_another_console_still_showing_it_is_said(here: Scene) -> None:
    _beat(here, here.nurse, 0, uuid4())
    _beat(here, here.other, 9, uuid4())
    escalation.watch(after(1, 10))
    assert [one.endswith("another still shows it.") for one in _told()] == [True]


@pytest.mark.hazard(7)
def test_two_screens_of_one_person_do_not_stand_in_for_each_other(here: Scene) -> None:
    """The tablet at the chair froze; the desktop down the hall went on beating for it."""
    tablet, desk = uuid4(), uuid4()
    _beat(here, here.nurse, 0, tablet)
    for seconds in (2, 4, 6, 8, 10):
        _beat(here, here.nurse, seconds, desk)
    assert [one.console_id for one in consoles.lost(here.session, after(1, 10))] == [tablet]


@pytest.mark.hazard(7)
def test_the_others_see_whose_it_is_until_somebody_looked(here: Scene) -> None:
    _beat(here, here.nurse, 0, console := uuid4())
    at = after(1, 20)
    assert "A screen of Nina Nurse" in screen.panel(here.session, at)
    assert "Nina Nurse" not in screen.panel(here.session, at, locked=True)
    therapist = cast.signed_in(here.therapist)
    with time_machine.travel(at, tick=False):
        url = reverse("dosing:consoles", args=[here.patient.pk, here.session.pk])
        assert "not in use any more" in therapist.get(url).content.decode()
        gone = reverse("dosing:console_gone", args=[here.patient.pk, here.session.pk, console])
        said = {"shown_for": str(here.session.pk)}
        assert therapist.post(gone, said).status_code == 302
        assert therapist.post(gone, said).status_code == 404  # it was said already
        assert "No screen shows this session now" in therapist.get(url).content.decode()
    assert "Console lost" not in screen.panel(here.session, at)


def test_one_that_comes_back_is_lost_no_more(here: Scene) -> None:
    _beat(here, here.nurse, 0, console := uuid4())
    escalation.watch(after(1, 20))
    _beat(here, here.nurse, 30, console)
    assert not consoles.lost(here.session, after(1, 30))
    assert "Console lost" not in screen.panel(here.session, after(1, 31))


def test_nobody_speaks_for_the_console_of_another(here: Scene) -> None:
    _beat(here, here.nurse, 0, console := uuid4())
    _beat(here, here.other, 20, console)
    assert (
        consoles.leave(
            session=here.session, console_id=console, by=here.other.user, at=after(1, 20)
        )
        == 0
    )
    assert [one.user for one in consoles.lost(here.session, after(1, 20))] == [here.nurse.user]


@time_machine.travel(after(1), tick=False)
def test_beats_are_kept_and_a_broken_number_is_none(im: Scene) -> None:
    url = reverse("dosing:beat", args=[im.patient.pk, im.session.pk])
    nurse, sent = cast.signed_in(im.nurse), {"shown_for": str(im.session.pk)}
    assert nurse.post(url, sent | {"number": "7"}).status_code == 422
    sent |= {"console": str(uuid4())}
    for number in ("7", "x", ""):
        assert nurse.post(url, sent | {"number": number}).status_code == 204
    assert im.session.consoles.get().shown_number == 0
    nurse.post(url, sent | {"leaving": "yes"})
    assert im.session.consoles.get().left_at == timezone.now()


def _said(console_id: UUID, sound: Sound) -> consoles.Said:
    return consoles.Said(console_id, 1, sound)


SOUND_CASES = [  # what the page says, heard or not, how long ago: may the dose start
    (Sound.ON, True, 0, True),
    (Sound.ON, True, 8, True),
    (Sound.ON, True, 9, False),  # the console is lost
    (Sound.ON, False, 0, False),
    (Sound.OFF, True, 0, False),
    (Sound.UNKNOWN, True, 0, False),
]


@pytest.mark.hazard(7)
@pytest.mark.parametrize(("sound", "heard", "ago_s", "may"), SOUND_CASES)
def test_no_dose_starts_where_no_alarm_would_be_heard(
    im: Scene, monkeypatch: pytest.MonkeyPatch, sound: Sound, heard: bool, ago_s: int, may: bool
) -> None:
    """A muted tablet looks like any other."""
    monkeypatch.setattr(consoles, "audible", AUDIBLE)
    im.prepare()
    console, at = uuid4(), after(15)
    consoles.beat(session=im.session, said=_said(console, sound), by=im.nurse.user, at=at)
    if heard:
        consoles.heard(session=im.session, console_id=console, by=im.nurse.user, at=at)
    lacking = [one.id for one in readiness.judge(im.session, after(15, ago_s)).lacking]
    assert lacking == ([] if may else ["SOUND"])


@pytest.mark.hazard(7)
def test_sound_that_is_blocked_later_was_heard_for_nothing(here: Scene) -> None:
    console = uuid4()
    for sound, audible in ((Sound.ON, 1), (Sound.OFF, 0), (Sound.ON, 1)):
        said = _said(console, sound)
        consoles.beat(session=here.session, said=said, by=here.nurse.user, at=after(1))
        consoles.heard(session=here.session, console_id=console, by=here.nurse.user, at=after(1))
        assert len(AUDIBLE(here.session, after(1))) == audible


def test_what_was_heard_in_a_tab_holds_when_its_page_is_loaded_again(here: Scene) -> None:
    """Each step before the dose loads the page anew; the tablet is the same."""
    tab, first, again, elsewhere = uuid4(), uuid4(), uuid4(), uuid4()
    for console, of_tab in ((first, tab), (again, tab), (elsewhere, uuid4())):
        said = consoles.Said(console, 1, Sound.ON, of_tab)
        consoles.beat(session=here.session, said=said, by=here.nurse.user, at=after(1))
        if console == first:
            consoles.heard(session=here.session, console_id=first, by=here.nurse.user, at=after(1))
            consoles.leave(session=here.session, console_id=first, by=here.nurse.user, at=after(1))
    assert [one.console_id for one in AUDIBLE(here.session, after(1))] == [again]


def test_nobody_hears_for_another(here: Scene) -> None:
    console = uuid4()
    said = _said(console, Sound.ON)
    consoles.beat(session=here.session, said=said, by=here.nurse.user, at=after(1))
    url = reverse("dosing:console_heard", args=[here.patient.pk, here.session.pk])
    shown = {"shown_for": str(here.session.pk), "console": str(console)}
    with time_machine.travel(after(1), tick=False):
        assert cast.signed_in(here.other).post(url, shown).status_code == 409
        assert not AUDIBLE(here.session, after(1))
        assert cast.signed_in(here.nurse).post(url, shown).json()["told"] == "Heard, and charted."
    assert AUDIBLE(here.session, after(1))

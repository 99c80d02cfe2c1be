"""A second viewer who lags, loses a line or watches without leave is worse than none."""

import threading
import time
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone

from clinic.dosing import feeds, listening
from clinic.people import idle
from clinic.people.models import CareTeamMember, StaffMember, User
from clinic.people.roles import Role
from clinic.people.sessions import SessionStore
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene
from tests.clinic.dosing.viewing import Watch, chart


def test_a_second_viewer_follows_within_a_second(watch: Watch, committed: Scene) -> None:
    viewer = watch(committed.therapist)
    viewer.read_until(0)
    lags = []
    for pulse in range(60, 70):
        began = time.monotonic()
        viewer.read_until(chart(committed, pulse))
        lags.append(time.monotonic() - began)
        assert f">{pulse}<" in viewer.panel
    assert (viewer.seen, sorted(lags)[5] < 1) == ([*range(1, 11)], True)
    type(committed.session).objects.filter(pk=committed.session.pk).update(phase="ready")
    viewer.read_until(chart(committed, 70))
    assert ">Ready<" in viewer.panel  # of one let go, "Dosing" would lead to an empty chair


def test_coming_back_with_the_last_number_loses_nothing(watch: Watch, committed: Scene) -> None:
    for pulse in range(60, 65):
        chart(committed, pulse)
    viewer = watch(committed.nurse, after=2)
    viewer.read_until(5)
    assert viewer.seen == [3, 4, 5]
    chart(committed, 70)
    again = watch(committed.nurse, after=5)
    again.read_until(6)
    assert again.seen == [6]


def test_many_writers_reach_every_viewer_once_and_in_order(watch: Watch, committed: Scene) -> None:
    viewers = [watch(who) for who in (committed.nurse, committed.other)]

    def write() -> None:
        for pulse in range(60, 70):
            chart(committed, pulse)
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for viewer in viewers:
        viewer.read_until(30)
        assert viewer.seen == list(range(1, 31))
    for writer in writers:
        writer.join()


def test_who_may_not_see_the_session_gets_no_stream(watch: Watch, committed: Scene) -> None:
    stranger = cast.staff(Role.NURSE)
    viewer = watch(stranger)
    assert viewer.answer.status == 404


def test_a_stream_ends_with_the_right_to_it(watch: Watch, committed: Scene) -> None:
    viewer = watch(committed.other)
    viewer.read_until(0)
    CareTeamMember.objects.filter(staff=committed.other).update(ends_at=timezone.now())
    chart(committed, 60)
    with pytest.raises(EOFError):
        viewer.read_until(1)


@pytest.mark.parametrize("how", ["ended", "left", "barred"])
def test_a_quiet_stream_ends_too(
    watch: Watch, committed: Scene, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Nothing is charted, and who was sent home would watch on for the whole of an infusion."""
    monkeypatch.setattr(feeds, "ASKED_S", 0.2)
    viewer = watch(committed.other)
    viewer.read_until(0)
    if how == "ended":
        Session.objects.all().delete()
    elif how == "left":
        StaffMember.objects.filter(pk=committed.other.pk).update(left_at=timezone.now())
    else:
        User.objects.filter(pk=committed.other.user.pk).update(is_active=False)
    with pytest.raises(EOFError):
        viewer.read_until(1)


def test_a_stream_ends_with_its_sign_in(watch: Watch, committed: Scene) -> None:
    """Signed out at another console, the first one may not go on showing the session."""
    viewer = watch(committed.other)
    viewer.read_until(0)
    Session.objects.all().delete()
    chart(committed, 60)
    with pytest.raises(EOFError):
        viewer.read_until(1)


@pytest.mark.hazard(20)
def test_a_stream_goes_on_while_the_screen_is_locked(watch: Watch, committed: Scene) -> None:
    """A console that stood still would show the oxygen of ten minutes ago."""
    viewer = watch(committed.other)
    viewer.read_until(chart(committed, 130))
    assert "Nina Nurse" in viewer.panel
    for one in Session.objects.all():
        left = SessionStore(one.session_key)
        left[idle.ACTED_AT] = timezone.now().timestamp() - 3600
        left.save()
    committed.chart("note", timezone.now(), word="speaks")
    viewer.read_until(chart(committed, 131))
    assert ">131<" in viewer.panel
    assert not [each for each in committed.names() if each in viewer.panel]
    held = [SessionStore(one.session_key)[idle.ACTED_AT] for one in Session.objects.all()]
    assert all(each < timezone.now().timestamp() - 3590 for each in held)


def test_a_message_of_another_process_wakes_nobody_it_does_not_concern() -> None:
    listening.hear(f"{uuid4()} 7")

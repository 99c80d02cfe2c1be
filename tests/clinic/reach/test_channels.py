"""A message that a server refused, dropped or never answered must go out in the end, once."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from clinic.alerts import actions, ladder
from clinic.alerts.models import Delivery
from clinic.people.models import StaffMember
from clinic.people.roles import Role
from clinic.reach import actions as reach
from clinic.reach import channels
from clinic.reach.messages import Message, Unsent, Way
from clinic.site import startup
from kapstone.risk import AlertLevel
from tests.clinic import cast
from tests.clinic.reach.servers import Gateway, Post, mail_server, text_gateway

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
HELP = actions.Cause("help", AlertLevel.IMMEDIATE, "Asked for help now.")


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """A mail server that this clinic uses, and which takes messages until told otherwise."""
    with mail_server() as (found, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = "", 1
        yield found


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    """A gateway for text messages that this clinic uses."""
    with text_gateway() as found:
        settings.CLINIC_TEXT = found.address
        yield found


@pytest.fixture
def nurse() -> StaffMember:
    """On call, and told of one alert."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    person = cast.patient("Canary", "Featherstone", phone="+12025550111")
    actions.raise_alert(HELP, patient=person, subject=person, by=None, at=cast.NOON)
    return member


def _deliver(seconds: float) -> int:
    try:
        return ladder.deliver(cast.NOON + seconds * SECOND)
    except ladder.Undelivered:
        return -1


def test_a_real_mail_server_gets_the_message(post: Post, nurse: StaffMember) -> None:
    assert _deliver(0) == 1
    (message,) = post.came
    assert message["To"] == nurse.user.email
    assert message["Message-ID"] == f"<alert-delivery-{Delivery.objects.get().pk}@kapstone>"
    assert Delivery.objects.get().sent_by == Way.MAIL


@pytest.mark.hazard(24)
@pytest.mark.parametrize("mood", ["refuses", "hangs", "dies"])
def test_what_a_mail_server_did_not_take_is_tried_again_until_it_does(
    post: Post, nurse: StaffMember, mood: str
) -> None:
    post.mood = mood
    assert _deliver(0) == 0
    assert _deliver(11) == -1, "a mail server in trouble turns staff pages red"
    row = Delivery.objects.get()
    assert (row.sent_at, row.attempts) == (None, 2)
    assert row.problem
    post.mood, before = "takes", len(post.came)
    assert _deliver(30) == 1
    assert len(post.came) == before + 1
    assert Delivery.objects.get().sent_at is not None


def test_a_message_taken_just_before_the_server_died_comes_again_as_the_same_message(
    post: Post, nurse: StaffMember
) -> None:
    post.mood = "takes and dies"
    assert _deliver(0) == 0
    post.mood = "takes"
    assert _deliver(10) == 1
    assert len(post.came) == 2
    assert len({message["Message-ID"] for message in post.came}) == 1


def test_no_server_at_all_is_tried_again(
    post: Post, nurse: StaffMember, settings: Settings
) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert _deliver(0) == 0
    settings.EMAIL_PORT = there
    assert _deliver(10) == 1


def test_a_text_message_goes_to_the_number_of_whoever_chose_it(
    post: Post, gateway: Gateway, nurse: StaffMember
) -> None:
    _by_text(nurse)
    assert _deliver(0) == 1
    ((path, body),) = gateway.came
    assert path == "/+12025550123"
    assert "Sign in and open Today" in body
    assert post.came == []
    assert Delivery.objects.get().sent_by == Way.TEXT


@pytest.mark.hazard(11)
@pytest.mark.parametrize(
    "trouble", ["gateway refuses", "gateway gone", "gateway hangs", "setting taken out"]
)
def test_where_the_chosen_way_fails_an_e_mail_goes_at_once(
    post: Post,
    gateway: Gateway,
    nurse: StaffMember,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    _by_text(nurse)
    monkeypatch.setattr(channels, "TIMEOUT_S", 1)
    if trouble == "gateway refuses":
        gateway.status = 500
    elif trouble == "gateway hangs":
        gateway.waits_s = 2
    elif trouble == "gateway gone":
        settings.CLINIC_TEXT = "json://127.0.0.1:1/{to}"
    else:
        settings.CLINIC_TEXT = ""
    assert _deliver(0) == 1
    assert len(post.came) == 1
    row = Delivery.objects.get()
    assert row.sent_by == Way.MAIL
    assert row.problem.startswith("text: ")


def test_where_every_way_fails_it_is_tried_again(
    post: Post, gateway: Gateway, nurse: StaffMember
) -> None:
    _by_text(nurse)
    gateway.status, post.mood = 500, "refuses"
    assert _deliver(0) == 0
    gateway.status = 200
    assert _deliver(10) == 1
    assert Delivery.objects.get().sent_by == Way.TEXT


@pytest.mark.parametrize("way", [Way.TEXT, Way.PAGER])
def test_a_channel_that_nobody_named_is_not_there(way: Way) -> None:
    assert channels.channel(way) is None
    assert channels.open_ways() == [Way.MAIL]


def test_an_address_that_is_none_raises_our_own_error(settings: Settings) -> None:
    with pytest.raises(Unsent):
        channels.MAIL.send(Message("two\nlines@example.org", "s", "t", "k"))
    settings.CLINIC_PAGER = "nothing {to}"
    pager = channels.channel(Way.PAGER)
    assert pager is not None
    with pytest.raises(Unsent, match="NoSuchAddress"):
        pager.send(Message("1", "s", "t", "k"))


def test_no_number_and_no_key_reaches_a_log(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.status = 500
    text = channels.channel(Way.TEXT)
    assert text is not None
    with caplog.at_level(logging.INFO), pytest.raises(Unsent) as raised:
        text.send(Message("+12025550123", "s", "canary words", "k"))
    assert "5550123" not in caplog.text + str(raised.value)


@pytest.mark.parametrize("address", ["nonsense", "json://gateway.example/no-place", "{to}"])
def test_a_clinic_does_not_start_with_a_gateway_that_is_none(
    settings: Settings, address: str
) -> None:
    settings.DEMO, settings.CLINIC_TEXT = True, address
    (found,) = startup.setting_problems(settings)
    assert found.startswith("CLINIC_TEXT is not an Apprise address")
    settings.CLINIC_TEXT = "json://gateway.example/{to}"
    assert startup.setting_problems(settings) == []


def _by_text(member: StaffMember) -> None:
    reach.choose_way(
        staff=member, way=Way.TEXT, number="+12025550123", by=member.user, at=cast.NOON
    )

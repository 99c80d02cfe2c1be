"""The message that brings an invitation. It names nobody and says nothing about health."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.people import tongue
from clinic.reach.channels import channel
from clinic.reach.messages import Message, Unsent, Way
from clinic.reach.wishes import zone_of
from clinic.welcome.models import Invitation


def send(invitation: Invitation, secret: str, way: Way) -> str:
    """Hand it to a server; why none took it, or ""."""
    found = channel(way)
    if found is None:
        return "NoWay"
    try:
        found.send(_message(invitation, secret, way))
    except Unsent as error:
        return error.kind[:60]
    return ""


def invited(invitation: Invitation) -> str:
    """What an invitation says above its link, in the person's language and by their clock."""
    until = timezone.localtime(invitation.expires_at, zone_of(invitation.patient))
    with translation.override(tongue.own(invitation.patient)):
        return _(
            "Your clinic invites you to a page of your own. This link works once, until "
            "%(when)s, and opens with your date of birth:"
        ) % {"when": date_format(until, _("l, F j, H:i"))}


def _message(invitation: Invitation, secret: str, way: Way) -> Message:
    patient = invitation.patient
    link = settings.CLINIC_ADDRESS.rstrip("/") + reverse("welcome:link", args=[secret])
    with translation.override(tongue.own(patient)):
        subject = _("An invitation from your clinic")
        help_is = _(
            "Nobody reads answers to this message. If you need help now, call the clinic, or call "
            "or text a crisis line: they stand on the page."
        )
    return Message(
        to=patient.phone if way is Way.TEXT else patient.email,
        subject=subject,
        text=f"{invited(invitation)}\n\n{link}\n\n{help_is}\n",
        key=f"invitation-{invitation.pk}",
    )

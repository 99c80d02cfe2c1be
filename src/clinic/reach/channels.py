"""The channels of this clinic: mail always, text and pager where a gateway is named."""

from dataclasses import dataclass
from smtplib import SMTPException
from urllib.parse import quote

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage

from clinic.reach.messages import Channel, Message, Unsent, Way

TIMEOUT_S = 10  # a gateway that hangs must not hold up the next alert
TO = "{to}"
_SAMPLE = "+12025550123"  # a number of nobody's, to try an address with


class Mail:
    """By Django's mail backend: SMTP, a provider's own interface, or the demo's folder."""

    def send(self, message: Message) -> None:
        """Hand it to the mail server."""
        letter = EmailMessage(
            subject=message.subject,
            body=message.text,
            to=[message.to],
            # Sent again after a crash it is the same message to a mail reader.
            headers={"Message-ID": f"<{message.key}@kapstone>"},
        )
        try:
            letter.send()
        # ValueError: an address that no mail can be made for.
        except (OSError, SMTPException, AnymailError, ValueError) as error:
            raise Unsent(type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Gateway:
    """By whatever service an Apprise address names; `{to}` in it stands for the number."""

    address: str

    def send(self, message: Message) -> None:
        """Hand it to the service."""
        import apprise  # 0.2 s that only a clinic with a gateway spends

        asset = apprise.AppriseAsset(async_mode=False, storage_mode="memory")
        service = apprise.Apprise(asset=asset)
        if not service.add(filled(self.address, message.to)):
            raise Unsent("NoSuchAddress")
        if not service.notify(body=message.text, timeout=TIMEOUT_S):
            raise Unsent("GatewayRefused")


def filled(address: str, to: str) -> str:
    """An Apprise address with the number in its place."""
    return address.replace(TO, quote(to, safe=""))


MAIL = Mail()


def channel(way: Way) -> Channel | None:
    """The channel of a way; None where this clinic has none."""
    if way is Way.MAIL:
        return MAIL
    address = {Way.TEXT: settings.CLINIC_TEXT, Way.PAGER: settings.CLINIC_PAGER}[way]
    return Gateway(address) if address else None


def open_ways() -> list[Way]:
    """The ways by which this clinic can send."""
    return [way for way in Way if channel(way) is not None]


def problem(name: str, address: str) -> str:
    """Why an address in a setting is none, and how to mend it; "" where it is one."""
    import apprise

    if TO in address and apprise.Apprise.instantiate(filled(address, _SAMPLE)) is not None:
        return ""
    return (
        f"{name} is not an Apprise address with {TO} where the number goes. Write such as "
        f"{name}=twilio://ACCOUNT:TOKEN@FROM/{TO}, or leave it out."
    )

"""What is sent, and by which way. A message holds no health information and names nobody."""

from dataclasses import dataclass
from typing import Protocol

from django.db.models import TextChoices


class Way(TextChoices):
    """How a message leaves. What a page shows by itself is sent to nobody."""

    MAIL = "mail", "E-mail"
    TEXT = "text", "Text message"
    PAGER = "pager", "Pager"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `to`: an address, a number or a pager's key. `key`: the same when sent again."""

    to: str
    subject: str
    text: str
    key: str


class Unsent(Exception):
    """A channel did not take a message. `kind` says why without saying to whom."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Channel(Protocol):
    """Takes a message or raises `Unsent`. Taken means sent: whether it arrived, nobody knows."""

    def send(self, message: Message) -> None:
        """Hand it over."""

"""Imported wording, through the room's own actions and as a browser brings it."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.measures import importing
from clinic.measures.models import ImportedWording
from clinic.people.models import StaffMember
from tests.clinic import cast
from tests.core.wording import made_up

HOUR = timedelta(hours=1)
CODED = made_up.fhir_of(made_up.phq9())
BY_ORDER = made_up.redcap(made_up.redcap_item(item) for item in made_up.phq9().items)
ALL = frozenset(item.id for item in made_up.phq9().items)


def imports(
    manager: StaffMember, language: str = "es", content: bytes = CODED, hours: int = 0
) -> ImportedWording:
    """Wording of the PHQ-9 in force, by a manager, from the day before noon."""
    file = importing.take_in(
        brought=importing.Brought(
            "phq9", language, "Free, says its holder.", "holder.example", content
        ),
        by=manager.user,
        at=cast.NOON - 24 * HOUR + hours * HOUR,
    )
    return importing.confirm(
        file=file, confirmed=ALL, by=manager.user, at=file.uploaded_at + HOUR / 2
    )


def upload(browser: Client, content: bytes, **more: object) -> HttpResponse:
    """A file brought through the page."""
    told = {
        "instrument": "phq9", "language": "es", "form": "", "licence": "Free.",
        "source": "holder.example", "permitted": "on",
        "file": SimpleUploadedFile("balloons.json", content),
    }  # fmt: skip
    return browser.post(reverse("measures:wording"), told | more)


def text(response: HttpResponse) -> str:
    """What a browser shows."""
    return response.content.decode()

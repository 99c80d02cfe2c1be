"""The signed consent on paper."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from clinic.planning.models import Consent

_STYLE = Path(__file__).parent / "static" / "planning" / "consent.css"


def consent_copy(consent: Consent) -> bytes | None:
    """A PDF of what was signed, from the kept document; None where its libraries are missing."""
    try:
        import weasyprint
    except OSError:  # a system library of the PDF maker is not installed
        return None
    shown = as_shown(consent) | {"demo": settings.DEMO, "clinic_name": settings.CLINIC_NAME}
    page = render_to_string("planning/copy.html", shown)
    made: bytes = weasyprint.HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(
        stylesheets=[weasyprint.CSS(filename=_STYLE)]
    )
    return made


def as_shown(consent: Consent) -> dict[str, object]:
    """The kept document in the names of the template."""
    kept = consent.document
    return {
        "consent": consent,
        "kept": kept,
        "kept_items": kept["items"],  # in a template, .items would be the method of a dictionary
        "signed_at": datetime.fromisoformat(kept["signed_at"]),
    }


def _fetch_nothing(url: str) -> dict[str, object]:
    raise ValueError("A consent loads nothing from elsewhere.")

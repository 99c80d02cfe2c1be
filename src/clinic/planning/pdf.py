"""What goes home on paper: the signed consent, and pages of other rooms."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from clinic.content import queries as content
from clinic.planning.models import Consent

_STYLE = Path(__file__).parent / "static" / "planning" / "consent.css"


def consent_copy(consent: Consent) -> bytes | None:
    """A PDF of what was signed, from the kept document; None where its libraries are missing."""
    return paper("planning/copy.html", as_shown(consent), _STYLE)


def paper(template: str, shown: dict[str, object], style: Path) -> bytes | None:
    """A template as a PDF, in a style of its own; None where the PDF libraries are missing."""
    try:
        import weasyprint
    except OSError:  # a system library of the PDF maker is not installed
        return None
    known = {
        "demo": settings.DEMO,
        "demonstration": content.demonstration(),
        "clinic_name": settings.CLINIC_NAME,
    }
    page = render_to_string(template, shown | known)
    made: bytes = weasyprint.HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(
        stylesheets=[weasyprint.CSS(filename=style)]
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
    raise ValueError("A paper loads nothing from elsewhere.")

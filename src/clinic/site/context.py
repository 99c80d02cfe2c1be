"""What every page may show."""

from django.conf import settings
from django.http import HttpRequest


def clinic(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, and who is signed in."""
    return {"demo": settings.DEMO, "actor": getattr(request, "actor", None)}

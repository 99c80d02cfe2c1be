"""What a request is answered whose session has ended: never a sign-in page inside another page."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

SIGN_IN = "X-Sign-In"
# Fields that prove who somebody is are not handed back: they are typed again.
PROOFS = frozenset(
    {"secret", "passkey", "credential", "code", "pin", "csrfmiddlewaretoken"}
    | {"password", "oldpassword", "password1", "password2"}
    | {"proof-password", "proof-code", "proof-passkey"}
)


class Carried(NamedTuple):
    """One posted field on its way through the page."""

    name: str
    value: str


def answer(request: HttpRequest) -> HttpResponse:
    """To sign-in; a fragment, a stream or a script hears 401; what was typed is handed back."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    if htmx or not request.accepts("text/html"):
        page = htmx.current_url_abs_path or "/"
        told = HttpResponse("Signed out.", status=401, content_type="text/plain")
        told[SIGN_IN] = redirect_to_login(page).url
        return told
    if request.method == "POST":
        return _hand_back(request)
    return redirect_to_login(request.get_full_path())


def wipe(request: HttpRequest, response: HttpResponse) -> None:
    """Nothing of a session stays on a device whose page found that nothing waits there, or whose
    user chose so. Without that word nothing is wiped: what waits would be lost.
    """
    if request.path == reverse("account_logout") and request.POST.get("device") == "wiped":
        response.headers["Clear-Site-Data"] = '"storage"'


def _hand_back(request: HttpRequest) -> HttpResponse:
    """A page that keeps what was typed until somebody signed in again and sends it."""
    shown = {
        "carried": [
            Carried(name, value)
            for name, values in request.POST.lists()
            if name not in PROOFS
            for value in values
        ],
        "files": bool(request.FILES),
        "sign_in": redirect_to_login(_came_from(request)).url,
    }
    return render(request, "people/signed_out.html", shown, status=401)


def _came_from(request: HttpRequest) -> str:
    """The page the form stood on, where it is one of ours."""
    came = urlsplit(request.headers.get("Referer", ""))
    return came.path if came.netloc == request.get_host() and came.path else "/"

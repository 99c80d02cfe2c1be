"""A fresh proof of who somebody is: of the person signed in, or of a second one beside them."""

import time
from collections.abc import Collection
from typing import Any, NamedTuple

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from clinic.people import audit
from clinic.people.models import Pin, User

PASSWORD, CODE, PASSKEY = "proof-password", "proof-code", "proof-passkey"
_OURS = (PASSWORD, CODE, PASSKEY, "csrfmiddlewaretoken")


class Carried(NamedTuple):
    """One posted field on its way through the page that asks."""

    name: str
    value: str


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in proved who they are within the last five minutes."""
    proofs = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    ]
    return bool(proofs) and time.time() - max(proofs) < app_settings.REAUTHENTICATION_TIMEOUT


def demand(request: HttpRequest) -> HttpResponse | None:
    """Nothing if the proof is fresh or came with the form; else a page that asks and keeps it all.

    What was typed travels through the page as hidden fields; the proof's own fields are taken
    out before a view sees them.
    """
    given = {name: request.POST.get(name, "") for name in (PASSWORD, CODE, PASSKEY)}
    carried = request.POST.copy()
    for name in _OURS[:-1]:
        carried.pop(name, None)
    if is_fresh(request) or (any(given.values()) and _holds(request, given)):
        hand_on(request, carried)
        return None
    return _ask(request, carried, wrong=any(given.values()))


def hand_on(request: HttpRequest, posted: QueryDict) -> None:
    """Let a view see only what belongs to it."""
    posted._mutable = False
    request.POST = posted  # type: ignore[assignment]  # the stub's QueryDict is immutable by type


def _holds(request: HttpRequest, given: dict[str, str]) -> bool:
    user: User = request.user  # type: ignore[assignment]  # the gate let a User in
    if given[PASSKEY]:
        form = ReauthenticateWebAuthnForm(data={"credential": given[PASSKEY]}, user=user)
        held = _saved(form)
    elif given[CODE]:
        held = _saved(ReauthenticateForm(data={"code": given[CODE]}, user=user))
    else:
        held = _limited(request, user, lambda: user.check_password(given[PASSWORD]))
        if held:
            reauthenticate_by_password(request)
    audit.record("proof_given" if held else "proof_refused", by=user, at=timezone.now())
    return held


def unlocks(request: HttpRequest, secret: str, passkey: str) -> bool:
    """Whether the person signed in is back at their idle screen: by PIN, password or passkey.

    Wrong tries pause as they do for a proof. A PIN proves nothing but that they are back.
    """
    user: User = request.user  # type: ignore[assignment]  # the gate let a User in
    if passkey:
        held = _saved(ReauthenticateWebAuthnForm(data={"credential": passkey}, user=user))
    else:
        held = _limited(request, user, lambda: _knows(user, secret))
    audit.record("unlocked" if held else "unlock_refused", by=user, at=timezone.now())
    return held


def _saved(form: Any) -> bool:
    if not _valid(form):
        return False
    form.save()
    return True


def _valid(form: Any) -> bool:
    try:
        return bool(form.is_valid())
    except (AttributeError, KeyError, TypeError, ValueError):
        return False  # allauth raises these for a passkey's answer that was made by hand


def _limited(request: HttpRequest, user: User, check: Any) -> bool:
    """Ten wrong tries in five minutes, then a pause; a right one clears the count."""
    key = f"proof-{user.pk}"
    if not ratelimit.consume(request, action="proof", key=key):
        return False
    held = bool(check())
    if held:
        ratelimit.clear(request, action="proof", key=key)
    return held


def _ask(request: HttpRequest, posted: QueryDict, *, wrong: bool) -> HttpResponse:
    fields = [
        Carried(name, value)
        for name, values in posted.lists()
        if name not in _OURS
        for value in values
    ]
    shown: dict[str, object] = {
        "carried": fields,
        "files": bool(request.FILES),
        "wrong": wrong,
        "takes_code": is_mfa_enabled(request.user, types=["totp"]),
    }
    if is_mfa_enabled(request.user, types=["webauthn"]):
        shown["passkey"] = {"request_options": webauthn.begin_authentication(request.user)}
    response = render(request, "people/proof.html", shown, status=403)
    response["X-Proof"] = "wanted"  # site.js shows the page even to a request of htmx
    response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


# --- a second person, at the same console -------------------------------------------------------


def passkey_options(person: User) -> dict[str, Any] | None:
    """What the browser needs to ask for this person's passkey, or None: they have none."""
    if not with_passkey({person.pk}):
        return None
    return dict(webauthn.begin_authentication(person))


def with_passkey(users: Collection[int]) -> set[int]:
    """Which of these users have a passkey."""
    keys = Authenticator.objects.filter(user__in=users, type=Authenticator.Type.WEBAUTHN)
    return set(keys.values_list("user_id", flat=True))


def prove(request: HttpRequest, person: User, secret: str = "", *, passkey: str = "") -> bool:
    """Whether somebody else, standing here, is who they say: by password, PIN or passkey.

    The session keeps its own user. Each answer is audited under the person who was to prove.
    What the second person may do is asked apart, of `access.actor(person, at)`.
    """
    held = bool(person.is_active and person.pk != request.user.pk)
    if held and passkey:
        held = _valid(AuthenticateWebAuthnForm(data={"credential": passkey}, user=person))
    elif held:
        held = _limited(request, person, lambda: _knows(person, secret))
    audit.record(
        "second_person_proved" if held else "second_person_refused",
        by=request.user,  # type: ignore[arg-type]  # the gate let a User in
        at=timezone.now(),
        subject=person,
    )
    return held


def _knows(person: User, secret: str) -> bool:
    if secret.isdigit() and (pin := Pin.objects.filter(user=person).first()) is not None:
        return check_password(secret, pin.pin_hash) or person.check_password(secret)
    return person.check_password(secret)

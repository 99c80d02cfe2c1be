"""How allauth is held to the clinic's terms: nobody signs up, and the trail tells of each step."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinic.people import audit, idle
from clinic.people.models import User
from clinic.people.worded import worded_once


class ClinicBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Fetches who is signed in, and as whom they are known here, in one read."""

    def get_user(self, user_id: int) -> User | None:
        """The account, with its staff member and its patient; None once it is closed."""
        found = [user for user in _users(user_id) if self.user_can_authenticate(user)]
        return found[0] if found else None


@worded_once
def _users(user_id: int) -> QuerySet[User]:
    return User.objects.select_related("staff", "patient").filter(pk=user_id)


class ClinicAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by the clinic; each sign-in, refusal and change is audited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, after every factor held."""
        super().login(request, user)
        idle.begin(request, timezone.now().timestamp())
        audit.record("sign_in", by=user, at=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password. The trail names the account if there is one, never what was typed."""
        known = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        audit.record("sign_in_refused", by=None, at=timezone.now(), subject=known)

    def set_password(self, user: User, password: str) -> None:
        """A password of one's own replaces the one that was handed over."""
        user.start_password = False
        super().set_password(user, password)

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: Any, **kwargs: Any
    ) -> None:
        """Allauth tells of each change to an account here: it goes into the trail."""
        audit.record(template_prefix.rpartition("/")[2], by=user, at=timezone.now(), subject=user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)


class ClinicMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of code apps are kept encrypted; a copied database alone yields none."""

    def encrypt(self, text: str) -> str:
        """With a key drawn from the clinic's own secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The reverse."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"clinic second factors")
    return Fernet(base64.urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))

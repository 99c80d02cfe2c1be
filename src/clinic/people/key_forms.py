"""Forms for passkeys, with labels that can be translated: allauth leaves them bare."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey."""

    name = forms.CharField(required=False, label=_("Name"))
    passwordless = forms.BooleanField(
        required=False,
        label=_("Signs in alone, without the password"),
        help_text=_("This device then asks for your finger, your face or its own code."),
    )


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"))

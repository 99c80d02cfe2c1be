"""What staff choose, and what somebody who was invited types."""

from typing import Any, cast

from allauth.account.fields import EmailField, PasswordField, SetPasswordField
from allauth.account.forms import PasswordVerificationMixin
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Patient, User


class BirthDateForm(forms.Form):
    """The fact that shows that an invitation reached the right person."""

    birth_date = forms.DateField(
        label=_("Your date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
    )


class AccountForm(PasswordVerificationMixin, forms.Form):  # type: ignore[misc]  # allauth has no types
    """How they will sign in, and in which language they read."""

    email = EmailField(
        label=_("E-mail"), help_text=_("You sign in with it. Nothing is sent to it now.")
    )
    password1 = SetPasswordField(label=_("Password"))
    password2 = PasswordField(label=_("Password (again)"), autocomplete="new-password")
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whose name and address a password must not be like.
        password = cast(SetPasswordField, self.fields["password1"])
        password.user = User(name=patient.name, email=self.data.get("email", ""))
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

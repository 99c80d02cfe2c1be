"""What is typed in about staff."""

from itertools import pairwise
from typing import Any, ClassVar, cast

from django import forms

from clinic.people import moments
from clinic.people.models import Duty, Licence, User
from clinic.people.roles import Role
from clinic.people.staffing import DEMO_PIN


class StaffForm(forms.Form):
    """A new member of staff."""

    name = forms.CharField(max_length=200, label="Name")
    email = forms.EmailField(label="E-mail", help_text="They sign in with it.")
    phone = forms.CharField(max_length=32, required=False, label="Phone")

    def clean_email(self) -> str:
        """One account for an address."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody signs in with this address already.")
        return email


class RoleForm(forms.Form):
    """A role to give: only those that the giver may give."""

    role = forms.ChoiceField(label="Give a role")

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = [
            ("", "Choose"),
            *((role.value, role.label) for role in roles),
        ]


class LicenceForm(forms.ModelForm[Licence]):
    """A licence as it stands on paper."""

    class Meta:
        model = Licence
        fields: ClassVar[list[str]] = ["kind", "number", "state", "expires_on"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "expires_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        }
        help_texts: ClassVar[dict[str, str]] = {"state": "Two letters, such as NY."}

    def clean_state(self) -> str:
        """Two capital letters."""
        state: str = self.cleaned_data["state"].upper()
        if len(state) != 2 or not (state.isascii() and state.isalpha()):
            raise forms.ValidationError("Write the state as two letters.")
        return state


class DutyForm(forms.ModelForm[Duty]):
    """A duty from one time until another."""

    class Meta:
        model = Duty
        fields: ClassVar[list[str]] = ["kind", "starts_at", "ends_at", "step"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
            for name in ("starts_at", "ends_at")
        }
        labels: ClassVar[dict[str, str]] = {
            "kind": "Duty",
            "starts_at": "From",
            "ends_at": "Until",
            "step": "Rung at step",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "ends_at": "Empty: until further notice.",
            "step": "On call only: 1 is rung first.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            self.fields[name].validators.append(moments.in_reach)

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        given = super().clean() or self.cleaned_data
        start, end = given.get("starts_at"), given.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "This is not after the start.")
        if not 1 <= (given.get("step") or 0) <= 9:
            self.add_error("step", "Write a number from 1 to 9.")
        return given


class PinForm(forms.Form):
    """A PIN, typed twice."""

    pin = forms.CharField(
        label="New PIN",
        help_text="6 to 12 digits. It proves who you are beside a colleague's screen.",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label="The same again",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_pin(self) -> str:
        """Digits that nobody tries first."""
        digits: str = self.cleaned_data["pin"]
        if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 12):
            raise forms.ValidationError("Use 6 to 12 digits.")
        steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
        if len(steps) == 1 and steps <= {0, 1, 9}:
            raise forms.ValidationError("Digits in a row or all the same are tried first.")
        if digits == DEMO_PIN:
            raise forms.ValidationError("This PIN is printed in the demo. Choose another.")
        return digits

    def clean(self) -> dict[str, Any]:
        """Both agree."""
        given = self.cleaned_data
        if "pin" in given and given["pin"] != given.get("again"):
            self.add_error("again", "The two are not the same.")
        return given

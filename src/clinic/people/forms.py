"""What is typed in about a person."""

from datetime import datetime
from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

import phonenumbers
from django import forms
from django.utils import timezone

from clinic.people.models import Patient, StaffMember
from clinic.people.standing import in_force

US_ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain, no daylight saving",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
}


def _zones() -> list[tuple[str, list[tuple[str, str]]]]:
    elsewhere = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    return [
        ("United States", list(US_ZONES.items())),
        ("Elsewhere", [(zone, zone) for zone in elsewhere if zone not in US_ZONES]),
    ]


class PatientForm(forms.ModelForm[Patient]):
    """Who somebody is and how to reach them."""

    class Meta:
        model = Patient
        fields: ClassVar[list[str]] = [
            "given_name",
            "family_name",
            "preferred_name",
            "birth_date",
            "sex",
            "phone",
            "email",
            "address",
            "language",
            "time_zone",
            "emergency_name",
            "emergency_phone",
            "safe_contact",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "birth_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "emergency_phone": forms.TextInput(attrs={"type": "tel"}),
            "time_zone": forms.Select(choices=_zones()),
            "address": forms.Textarea(attrs={"rows": 3}),
            "safe_contact": forms.Textarea(attrs={"rows": 2}),
        }
        labels: ClassVar[dict[str, str]] = {
            "preferred_name": "Name they go by",
            "emergency_name": "Emergency contact",
            "emergency_phone": "Emergency contact's phone",
            "language": "Language",
            "safe_contact": "A safe way to reach them",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "language": "A tag such as en-US or es: questionnaires are asked in this language.",
            "phone": "With the country code outside the US. Leave empty for somebody without one.",
            "safe_contact": "Such as: no voicemail, text only after six.",
        }

    def clean_birth_date(self) -> Any:
        """Not in the future, and nobody is over 120."""
        born = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if born > today:
            raise forms.ValidationError("This date is in the future.")
        if today.year - born.year > 120:
            raise forms.ValidationError("This is more than 120 years ago. Check the year.")
        return born

    def clean_phone(self) -> str:
        """A number that can be dialled, kept in its international form."""
        return _dialable(self.cleaned_data["phone"])

    def clean_emergency_phone(self) -> str:
        """As for the person's own number."""
        return _dialable(self.cleaned_data["emergency_phone"])

    def clean_time_zone(self) -> str:
        """A zone this computer knows."""
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError("Write a zone such as America/New_York.")
        return zone


def _dialable(written: str) -> str:
    if not written:
        return ""
    try:
        number = phonenumbers.parse(written, "US")
    except phonenumbers.NumberParseException as error:
        raise forms.ValidationError("This is not a telephone number.") from error
    if not phonenumbers.is_possible_number(number):
        raise forms.ValidationError("This telephone number has too few or too many digits.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class StaffChoice(forms.ModelChoiceField[StaffMember]):
    """Staff by name."""

    def label_from_instance(self, obj: StaffMember) -> str:
        """The name as written."""
        return obj.name


class JoinTeamForm(forms.Form):
    """Who is to treat this person: staff who still work here and are not on the team."""

    staff = StaffChoice(StaffMember.objects.none(), label="Add to the team", empty_label="Choose")

    def __init__(self, *args: Any, patient: Patient, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_team = patient.team.filter(in_force(at)).values("staff")
        field = cast(StaffChoice, self.fields["staff"])
        field.queryset = (
            StaffMember.objects.filter(left_at__isnull=True)
            .exclude(pk__in=on_team)
            .select_related("user")
            .order_by("user__name")
        )

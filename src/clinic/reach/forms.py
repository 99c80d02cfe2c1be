"""What is typed in about reaching people."""

from typing import Any, ClassVar, cast

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from clinic.reach.channels import channel, open_ways
from clinic.reach.messages import Way
from clinic.reach.models import PatientReach, ReminderWay


class WishesForm(forms.ModelForm[PatientReach]):
    """How a person wants reminders, and when none may come."""

    class Meta:
        model = PatientReach
        fields: ClassVar[list[str]] = [
            "reminders_by",
            "quiet_from",
            "quiet_until",
            "leave_no_message",
        ]
        labels: ClassVar[dict[str, StrPromise]] = {
            "reminders_by": _("Reminders come by"),
            "quiet_from": _("No reminder from"),
            "quiet_until": _("until"),
            "leave_no_message": _("Leave no message when nobody answers"),
        }
        help_texts: ClassVar[dict[str, StrPromise]] = {
            "quiet_from": _("By the local clock. Empty means 21:00 to 08:00."),
            "leave_no_message": _("Nothing on a voicemail and nothing with somebody else."),
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "reminders_by": forms.RadioSelect(),
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_until": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["reminders_by"])
        field.choices = [
            (way.value, way.label)
            for way in ReminderWay
            if way != ReminderWay.TEXT or channel(Way.TEXT) or self.instance.reminders_by == way
        ]

    def clean(self) -> dict[str, Any]:
        """Both ends of the quiet hours, or neither."""
        told = cast(dict[str, Any], super().clean())
        begins, ends = told.get("quiet_from"), told.get("quiet_until")
        if (begins is None) != (ends is None):
            missing = "quiet_from" if begins is None else "quiet_until"
            self.add_error(missing, _("Give both times, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Give two different times."))
        return told


class StaffWayForm(forms.Form):
    """By which way somebody on call is told of alerts."""

    way = forms.ChoiceField(label="Alerts come by", widget=forms.RadioSelect)
    number = forms.CharField(
        required=False,
        max_length=80,
        label="Number",
        help_text="A telephone number with its country code, or the key of your pager.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = open_ways()
        cast(forms.ChoiceField, self.fields["way"]).choices = [(w.value, w.label) for w in ways]

    def clean(self) -> dict[str, Any]:
        """A number where the way needs one: a telephone's can be dialled."""
        told = cast(dict[str, Any], super().clean())
        way, number = told.get("way"), told.get("number", "").strip()
        if way in (Way.TEXT, Way.PAGER) and not number:
            self.add_error("number", "Give the number that messages go to.")
        elif way == Way.TEXT:
            told["number"] = dialable(number)
            if not told["number"]:
                self.add_error("number", "This is no telephone number. Write such as +12025550123.")
        return told


def dialable(written: str) -> str:
    """A telephone number in its international form; "" where it is none."""
    try:
        number = phonenumbers.parse(written, "US")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

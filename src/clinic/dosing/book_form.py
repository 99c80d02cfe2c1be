"""What is typed to book a dosing session."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from clinic.calendar.actions import Slot
from clinic.people import moments

SHORTEST_MIN, LONGEST_MIN = 30, 720


class BookForm(forms.Form):
    """A room and a time. Nothing is proposed."""

    room = forms.CharField(max_length=40)
    starts_at = forms.DateTimeField(
        validators=[moments.in_reach],
        label="From",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    minutes = forms.IntegerField(
        label="For how many minutes",
        min_value=SHORTEST_MIN,
        max_value=LONGEST_MIN,
        help_text="From arrival to the door: the dose, recovery and discharge.",
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_starts_at(self) -> datetime:
        """Not in the past."""
        starts_at: datetime = self.cleaned_data["starts_at"]
        if starts_at < self.at - timedelta(minutes=1):
            raise forms.ValidationError("This time has passed. Open a session for now instead.")
        return starts_at

    def slot(self) -> Slot:
        """The room for the time."""
        told = self.cleaned_data
        ends_at = told["starts_at"] + timedelta(minutes=told["minutes"])
        return Slot(told["room"].strip(), told["starts_at"], ends_at)


def seen_at(written: str) -> datetime | None:
    """The moment of a warning that was ticked; None for anything else."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else None

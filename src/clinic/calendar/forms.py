"""What is typed about shifts."""

from datetime import timedelta
from typing import Any, cast

from django import forms

from clinic.people import moments
from clinic.people.forms import StaffChoice
from clinic.people.models import StaffMember

LONGEST = timedelta(hours=24)


class ShiftForm(forms.Form):
    """Who is in the house, from when until when."""

    staff = StaffChoice(StaffMember.objects.none(), label="Who", empty_label="Choose")
    starts_at, ends_at = (
        forms.DateTimeField(
            validators=[moments.in_reach],
            label=label,
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        )
        for label in ("From", "Until")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        working = StaffMember.objects.filter(left_at__isnull=True, user__is_active=True)
        field = cast(StaffChoice, self.fields["staff"])
        field.queryset = working.select_related("user").order_by("user__name")

    def clean(self) -> dict[str, Any]:
        """It ends after it begins, within a day."""
        given = cast(dict[str, Any], super().clean())
        start, end = given.get("starts_at"), given.get("ends_at")
        if start and end and not timedelta(0) < end - start <= LONGEST:
            self.add_error("ends_at", "Give a time after the start, at most 24 hours later.")
        return given

"""What is typed about a session: that somebody left, and the open questions of its form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from clinic.adverse.forms import moment, past
from clinic.adverse.models import Departure
from kapstone import adverse

MOST_LETTERS = 600


class DepartureForm(forms.ModelForm[Departure]):
    """Leaving against advice. Nothing must be filled: what is empty becomes somebody's task."""

    left_at = moment("When they left")
    prescriber_called_at = moment("When the prescriber was called", required=False)

    class Meta:
        model = Departure
        fields: ClassVar[list[str]] = [
            *("left_at", "can_decide", "capacity_note", "risk", "risk_note", "prescriber"),
            *("prescriber_called_at", "with_whom", "escort_name", "comment", "reason"),
        ]
        labels: ClassVar[dict[str, str]] = {
            "can_decide": "Whether they could decide for themselves",
            "capacity_note": "What you saw and heard of that",
            "risk": "Whether the risk of leaving was explained",
            "risk_note": "What was said, or why it could not be",
            "prescriber": "Which prescriber was called",
            "with_whom": "With whom they went",
            "escort_name": "Name of who took them along",
            "comment": "Words for the monitoring form or the record",
            "reason": "Why this is added or corrected",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("capacity_note", "risk_note", "comment", "reason")
        }

    def __init__(self, *args: Any, at: datetime, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        if again:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def clean_left_at(self) -> datetime:
        """Not ahead."""
        return past(self.cleaned_data["left_at"], self.at)

    def clean_prescriber_called_at(self) -> datetime | None:
        """Not ahead."""
        called: datetime | None = self.cleaned_data["prescriber_called_at"]
        return called and past(called, self.at)


def sheet_answers(posted: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the open questions of the monitoring form."""
    words = {
        field.id: posted.get(f"field-{field.id}", "").strip()[:MOST_LETTERS]
        for field in adverse.form().fields
    }
    yes_no = {field.id for field in adverse.form().fields if field.yes_no}
    return {
        name: said for name, said in words.items() if name not in yes_no or said in ("yes", "no")
    }

"""What is typed about a report: that it was sent, with its proof, or why not."""

from datetime import datetime
from typing import Any

from django import forms

from clinic.adverse.forms import moment, past
from clinic.adverse.models import DutyStep, StepKind, Way
from clinic.people.models import StaffMember
from kapstone.adverse import DueRow


class SentForm(forms.Form):
    """That it was sent: when, how, by whom, to whom, and under which number."""

    done_at = moment("When it was sent or told")
    way = forms.ChoiceField(label="How", choices=Way.choices)
    to_whom = forms.CharField(label="To whom", max_length=120)
    done_by = forms.ModelChoiceField(
        StaffMember.objects.filter(left_at__isnull=True).select_related("user"),
        label="By whom",
        empty_label=None,
    )
    reference = forms.CharField(
        label="Reference number",
        max_length=120,
        required=False,
        help_text="By portal or fax there is one: without it nobody can show that it went.",
    )
    note = forms.CharField(label="Remarks", required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, at: datetime, row: DueRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.row = at, row
        self.fields["done_by"].label_from_instance = (  # type: ignore[attr-defined]  # a choice
            lambda staff: staff.name
        )
        self.fields["to_whom"].initial = row.to

    def clean_done_at(self) -> datetime:
        """Not ahead."""
        return past(self.cleaned_data["done_at"], self.at)

    def clean(self) -> dict[str, Any]:
        """A portal and a fax leave a number."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        numbered = told.get("way") in (Way.PORTAL, Way.FAX)
        if numbered and not told.get("reference", "").strip():
            self.add_error("reference", "Write the number that the portal or the fax gave.")
        return told

    def step(self) -> DutyStep:
        """The step to write."""
        return DutyStep(kind=StepKind.SENT, **self.cleaned_data)


class WhyForm(forms.Form):
    """Left for a reason, or opened again."""

    kind = forms.ChoiceField(choices=[(StepKind.LEFT, ""), (StepKind.REOPENED, "")])
    note = forms.CharField(max_length=300, error_messages={"required": "Say why."})

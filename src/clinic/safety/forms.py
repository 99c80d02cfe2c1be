"""What is written down while a plan is made together."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django_stubs_ext import StrPromise

from clinic.safety.models import SafeSurroundings, SafetyPlan
from clinic.safety.queries import REASONS, STEPS

ROWS_TO_FILL = 4


class PlanForm(forms.ModelForm[SafetyPlan]):
    """The plan in the person's words. `together` says that they were part of it."""

    together = forms.BooleanField(
        label="Made or gone through together with the person today",
        error_messages={"required": "A plan is made with the person, never for them."},
    )

    class Meta:
        model = SafetyPlan
        fields: ClassVar[list[str]] = [
            *(step.name for step in STEPS),
            "reasons_for_living",
            "review_on",
        ]
        labels: ClassVar[dict[str, StrPromise | str]] = {
            **{step.name: step.heading for step in STEPS},
            "reasons_for_living": REASONS,
            "review_on": "Gone through again by",
        }
        help_texts: ClassVar[dict[str, str]] = {step.name: step.help for step in STEPS}
        widgets: ClassVar[dict[str, forms.Widget]] = {
            **{step.name: forms.Textarea(attrs={"rows": 3}) for step in STEPS},
            "reasons_for_living": forms.Textarea(attrs={"rows": 2}),
            "review_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_review_on(self) -> date:
        """A day to come."""
        day: date = self.cleaned_data["review_on"]
        if day <= self.today:
            raise forms.ValidationError("Choose a day to come.")
        return day


class SurroundingsForm(forms.ModelForm[SafeSurroundings]):
    """One thing put out of reach: all four, or none."""

    class Meta:
        model = SafeSurroundings
        fields: ClassVar[list[str]] = ["item", "action", "who", "by_when"]
        labels: ClassVar[dict[str, str]] = {
            "item": "What",
            "action": "What is done with it",
            "who": "Who does it",
            "by_when": "By when",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "by_when": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }


class _Rows(forms.BaseFormSet[SurroundingsForm]):
    """Rows of which any may be emptied: an emptied one is left out."""

    def initial_form_count(self) -> int:
        """None, once sent: otherwise a row that stood there before could not be emptied."""
        return 0 if self.is_bound else super().initial_form_count()


def problems(rows: forms.BaseFormSet[SurroundingsForm]) -> Iterator[str]:
    """What is to mend in the rows, each by its row and field."""
    yield from map(str, rows.non_form_errors())
    for number, row in enumerate(rows.forms, 1):
        yield from (f"Thing {number}: {said}" for said in row.non_field_errors())
        for field in row:
            yield from (f"Thing {number}, {field.label}: {said}" for said in field.errors)


SurroundingsRows = forms.formset_factory(SurroundingsForm, formset=_Rows, extra=ROWS_TO_FILL)

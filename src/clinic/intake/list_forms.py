"""Rows of lists as they are typed in: pressures, medicines, allergies, trials."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone

from clinic.intake.models import AllergyEntry, CheckedAs, DrugTrial, MedicineEntry

APART = timedelta(minutes=5)  # Source: the screening contract, two readings of one pair


PARTS = ("at", "systolic_mmhg", "diastolic_mmhg")


class PressureForm(forms.Form):
    """Two readings at least five minutes apart, or one."""

    first_at = forms.TimeField(
        label="First reading at", widget=forms.TimeInput(attrs={"type": "time"})
    )
    first_systolic_mmhg = forms.DecimalField(
        label="First systolic (mmHg)", min_value=30, max_value=300
    )
    first_diastolic_mmhg = forms.DecimalField(
        label="First diastolic (mmHg)", min_value=10, max_value=200
    )
    second_at = forms.TimeField(
        label="Second reading at",
        required=False,
        help_text="At least 5 minutes after the first.",
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    second_systolic_mmhg = forms.DecimalField(
        label="Second systolic (mmHg)", min_value=30, max_value=300, required=False
    )
    second_diastolic_mmhg = forms.DecimalField(
        label="Second diastolic (mmHg)", min_value=10, max_value=200, required=False
    )

    def readings(self) -> list[tuple[datetime, Decimal, Decimal]]:
        """(when, systolic, diastolic) of each reading, oldest first."""
        found = [self._reading("first"), self._reading("second")]
        return [reading for reading in found if reading is not None]

    def _reading(self, which: str) -> tuple[datetime, Decimal, Decimal] | None:
        data = self.cleaned_data
        at, high, low = (data.get(f"{which}_{part}") for part in PARTS)
        if at is None or high is None or low is None:
            return None
        return timezone.make_aware(datetime.combine(timezone.localdate(), at)), high, low

    def clean(self) -> dict[str, object]:
        """Both figures of a reading, the higher above the lower, apart in time, not ahead."""
        cleaned = cast(dict[str, object], super().clean())
        second = [f"second_{part}" for part in PARTS]
        missing = [name for name in second if cleaned.get(name) is None]
        for name in set(missing) - self.errors.keys() if missing != second else ():
            self.add_error(name, "Give the time and both figures, or leave all three empty.")
        readings = self.readings()
        for which, (at, high, low) in zip(("first", "second"), readings, strict=False):
            if low >= high:
                self.add_error(
                    f"{which}_systolic_mmhg", "The systolic figure must be the higher one."
                )
            if at > timezone.now():
                self.add_error(f"{which}_at", "This time is in the future.")
        if len(readings) == 2 and readings[1][0] - readings[0][0] < APART:
            self.add_error("second_at", "Take it at least 5 minutes after the first.")
        return cleaned


class PastDayField(forms.DateField):
    """A day that may be left out, today or before."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: object) -> date | None:
        """Not ahead."""
        day: date | None = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day lies ahead.")
        return day


class MedicineForm(forms.ModelForm[MedicineEntry]):
    """A medicine in the person's words; the tables are asked when it is saved."""

    class Meta:
        model = MedicineEntry
        fields: ClassVar[list[str]] = [
            "name",
            "route",
            "daily_dose_mg",
            "last_taken_h",
            "started_on",
            "raised_on",
        ]
        labels: ClassVar[dict[str, str]] = {
            "name": "Medicine, supplement or drug",
            "daily_dose_mg": "Dose a day (mg)",
            "last_taken_h": "Last taken (hours ago)",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "As the person says it or the box reads. Alcohol and cannabis too.",
            "daily_dose_mg": "Needed for benzodiazepines and sleeping pills.",
        }

    daily_dose_mg = forms.DecimalField(
        label="Dose a day (mg)", min_value=Decimal("0.001"), required=False, max_digits=9
    )
    last_taken_h = forms.DecimalField(
        label="Last taken (hours ago)", min_value=0, required=False, max_digits=7
    )
    started_on = PastDayField(label="Started on", help_text="Needed for GLP-1 medicines.")
    raised_on = PastDayField(label="Dose last raised on", help_text="Needed for GLP-1 medicines.")


class LastTakenForm(forms.Form):
    """How many hours ago each of these medicines was last taken, asked on a dosing day."""

    def __init__(self, entries: Sequence[MedicineEntry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entries = entries
        for entry in entries:
            self.fields[f"taken-{entry.pk}"] = forms.DecimalField(
                label=f"How many hours ago was {entry.name} last taken?",
                min_value=0,
                max_value=87600,
                decimal_places=1,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"invalid": "Write a number of hours, such as 3 or 1.5."},
            )

    def told(self) -> Iterator[tuple[MedicineEntry, Decimal]]:
        """The medicines of which it was said."""
        for entry in self._entries:
            hours = self.cleaned_data[f"taken-{entry.pk}"]
            if hours is not None:
                yield entry, hours


class AllergyForm(forms.ModelForm[AllergyEntry]):
    """A substance and what it did."""

    class Meta:
        model = AllergyEntry
        fields: ClassVar[list[str]] = ["substance", "reaction"]


class TrialForm(forms.ModelForm[DrugTrial]):
    """An antidepressant tried."""

    response_pct = forms.IntegerField(
        label="Response (% better)", min_value=0, max_value=100, required=False
    )
    adequate_dose_weeks = forms.DecimalField(
        label="Weeks at an adequate dose", min_value=0, max_value=2000, required=False
    )
    adequate = forms.NullBooleanField(
        label="Was it an adequate trial?",
        widget=forms.Select(choices=[("", "Not known yet"), ("true", "Yes"), ("false", "No")]),
        required=False,
    )

    class Meta:
        model = DrugTrial
        fields: ClassVar[list[str]] = [
            "drug",
            "max_dose",
            "adequate_dose_weeks",
            "response_pct",
            "stopped_because",
            "adequate",
        ]
        labels: ClassVar[dict[str, str]] = {
            "max_dose": "Highest dose",
            "stopped_because": "Why it was stopped",
        }


class ReasonForm(forms.Form):
    """Why a row is struck or corrected."""

    reason = forms.CharField(max_length=300, min_length=3, label="Why")


class CheckForm(forms.Form):
    """What a pharmacist or prescriber found a name to be."""

    outcome = forms.ChoiceField(
        choices=[(each.value, each.label) for each in CheckedAs if each.value],
        widget=forms.RadioSelect,
        label="What is it?",
    )
    same_as = forms.CharField(
        max_length=200, required=False, label="Its ingredient", help_text="By its generic name."
    )
    reason = forms.CharField(
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="What you checked, and where",
    )

    def clean(self) -> dict[str, Any]:
        """The ingredient with the answer that needs it, and only with that."""
        cleaned = cast(dict[str, Any], super().clean())
        same = cleaned.get("outcome") == CheckedAs.SAME_AS
        if same and not cleaned.get("same_as"):
            self.add_error("same_as", "Name the ingredient.")
        if not same:
            cleaned["same_as"] = ""
        return cleaned

"""What a prescriber fills in to clear, to override, or to end."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import cast

from django import forms
from django.utils import timezone

from clinic.intake.ceilings import Ceiling
from clinic.intake.deciding import CLEARANCE_LASTS, OverrideTerms
from clinic.intake.models.decisions import SHORTEST_RATIONALE


class ClearForm(forms.Form):
    """The highest dose that is cleared. Nothing is proposed."""

    dose_mg_per_kg = forms.DecimalField(
        label="Highest dose (mg/kg)", required=False, min_value=Decimal("0.001"), decimal_places=3
    )
    dose_mg = forms.DecimalField(
        label="or highest dose (mg)",
        required=False,
        min_value=Decimal("0.01"),
        decimal_places=2,
        help_text="For a product that is not dosed by weight.",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, object]:
        """One of the two."""
        cleaned = cast(dict[str, object], super().clean())
        if (cleaned.get("dose_mg_per_kg") is None) == (cleaned.get("dose_mg") is None):
            raise forms.ValidationError("Give the highest dose in mg/kg or in mg, not in both.")
        return cleaned

    def ceiling(self) -> Ceiling:
        """As the action takes it."""
        return Ceiling(self.cleaned_data["dose_mg_per_kg"], self.cleaned_data["dose_mg"])


class DayOverrideForm(forms.Form):
    """Why, and with what plan; it ends with the day."""

    rationale = forms.CharField(
        min_length=SHORTEST_RATIONALE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"At least {SHORTEST_RATIONALE} letters.",
    )
    mitigation = forms.CharField(
        label="Mitigation plan", widget=forms.Textarea(attrs={"rows": 3}), min_length=3
    )

    def terms_until(self, ends_at: datetime) -> OverrideTerms:
        """As the action takes them."""
        data = self.cleaned_data
        return OverrideTerms(data["rationale"], data["mitigation"], ends_at)


class OverrideForm(DayOverrideForm):
    """Why, with what plan, until when."""

    expires_on = forms.DateField(
        label="Holds until the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=f"At most {CLEARANCE_LASTS.days} days ahead.",
    )

    def clean_expires_on(self) -> object:
        """Today or later, and no longer than a clearance lasts."""
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= day <= today + CLEARANCE_LASTS:
            raise forms.ValidationError(
                f"Choose a day from today to {CLEARANCE_LASTS.days} days ahead."
            )
        return day

    def terms(self) -> OverrideTerms:
        """As the action takes them."""
        after = datetime.combine(self.cleaned_data["expires_on"] + timedelta(days=1), time())
        return self.terms_until(timezone.make_aware(after))

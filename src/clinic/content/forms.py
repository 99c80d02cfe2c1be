"""What is typed about content."""

from decimal import Decimal
from typing import Any

from django import forms

from clinic.content.actions import Key
from clinic.content.models import LimitChoice
from kapstone.dose.rows import RangeRow
from kapstone.findings import Severity
from kapstone.limits import Bound


class WithdrawForm(forms.Form):
    """Why a signature no longer stands."""

    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class SeverityForm(forms.Form):
    """Another severity for one band, and why."""

    severity = forms.ChoiceField(help_text="Nothing milder than the floor stands here.")
    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, allowed: tuple[Severity, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [(each, each) for each in allowed]  # type: ignore[attr-defined]  # a choice field


class LimitForm(forms.Form):
    """This clinic's own hard limit, in the units of the published one, and why."""

    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, ranged: RangeRow, set_here: LimitChoice | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = {"mg_per_kg": "mg/kg", "mg": "mg"}
        for name, unit in units.items():
            published = getattr(ranged.hard_max, name)
            if published is not None:
                self.fields[name] = _figure(unit, published)
                if set_here and set_here.bound:
                    self.fields[name].initial = getattr(set_here.bound, name)
        self.order_fields([*units, "reason"])

    @property
    def back(self) -> bool:
        """Whether the published limit is to count again."""
        return "back" in self.data

    def clean(self) -> dict[str, Any]:
        """A figure is needed, unless it goes back to the published one."""
        told = super().clean() or self.cleaned_data
        if not self.back and not self.errors and self.bound() is None:
            raise forms.ValidationError("Give the limit, or go back to the published one.")
        return told

    def bound(self) -> Bound | None:
        """What it is set to; None: as published."""
        figures = {name: self.cleaned_data.get(name) for name in ("mg_per_kg", "mg")}
        return None if self.back or not any(figures.values()) else Bound(**figures)


def _figure(unit: str, published: Decimal) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"Hard limit ({unit})",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=f"Published: {published} {unit}. Below that; empty: the published figure counts.",
        error_messages={
            "invalid": "Write one number with a point, such as 1.2.",
            "min_value": "A hard limit is above zero.",
        },
    )


def shown_rows(posted: list[str]) -> dict[Key, str]:
    """Posted rows, `room/id/stamp`; what is no such thing is left out."""
    parts = [each.split("/") for each in posted]
    return {(one[0], one[1]): one[2] for one in parts if len(one) == 3}

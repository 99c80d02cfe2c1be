"""What is typed about content."""

from typing import Any

from django import forms

from clinic.content.actions import Key
from kapstone.findings import Severity


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


def shown_rows(posted: list[str]) -> dict[Key, str]:
    """Posted rows, `room/id/hash`; what is no such thing is left out."""
    parts = [each.split("/") for each in posted]
    return {(one[0], one[1]): one[2] for one in parts if len(one) == 3}

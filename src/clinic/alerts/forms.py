"""What somebody says they did about an alert."""

from typing import Any, cast

from django import forms

from clinic.alerts.models import StepKind
from clinic.people.models import StaffMember

OPEN_STEPS = [StepKind.ACKNOWLEDGED, StepKind.TRIED, StepKind.CONTACTED, StepKind.HANDED_OVER]


class StepForm(forms.Form):
    """A step that leaves the alert open."""

    kind = forms.ChoiceField(
        label="What was done",
        widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in OPEN_STEPS],
    )
    to = forms.ModelChoiceField(
        StaffMember.objects.filter(left_at__isnull=True).select_related("user"),
        required=False,
        label="Hand over to",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Note")

    def clean(self) -> dict[str, object]:
        """Handing over names somebody; nothing else does."""
        cleaned = cast(dict[str, object], super().clean())
        handing = cleaned.get("kind") == StepKind.HANDED_OVER
        if handing and not cleaned.get("to"):
            self.add_error("to", "Choose who takes it over.")
        if not handing:
            cleaned["to"] = None
        return cleaned


class CloseForm(forms.Form):
    """What was decided, in words."""

    note = forms.CharField(
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Outcome",
        help_text="What you found, what was decided, and what happens next.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.auto_id = "close_%s"  # StepForm's note stands on the same page

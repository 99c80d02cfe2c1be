"""What is typed about a series: a decision, a closer booking, a request for a dose at home."""

from django import forms

from clinic.episodes.models import SeriesDecision
from clinic.people import moments

_WORDS = forms.Textarea(attrs={"rows": 3})
MEANS = {
    "continue": "Nothing changes.",
    "change": "The order that stands is stopped: write a new one, or a new plan.",
    "pause": "Care is paused until a new order is signed.",
    "end": "The episode of care is completed.",
}


class DecideForm(forms.Form):
    """What a prescriber decides on all that waits."""

    choice = forms.ChoiceField(
        label="What is decided",
        widget=forms.RadioSelect,
        choices=[
            (choice.value, f"{choice.label}. {MEANS[choice.value]}")
            for choice in SeriesDecision.Choice
            if choice.value in MEANS
        ],
    )
    rationale = forms.CharField(label="Why", widget=_WORDS, help_text="At least 20 letters.")


class CloserForm(forms.Form):
    """From when one dose may be closer, or more often, than the series allows."""

    starts_at = forms.DateTimeField(
        validators=[moments.in_reach],
        label="From",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    rationale = forms.CharField(label="Why", widget=_WORDS, help_text="At least 20 letters.")


class TakeHomeForm(forms.Form):
    """A request for a dose outside the clinic, and what was answered."""

    asked_by = forms.CharField(label="Who asked", max_length=200)
    words = forms.CharField(label="What was asked for", widget=_WORDS)
    early = forms.BooleanField(
        required=False, label="They say that a supply was lost, or ended early (GRD-03)"
    )
    answer = forms.CharField(
        label="What was answered",
        widget=_WORDS,
        initial="There is no dose outside the clinic.",
        help_text="The answer is no. It is never an order. Say what is offered instead.",
    )

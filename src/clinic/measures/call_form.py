"""What is typed in after a call: whom it reached, what they said, what needs somebody."""

from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms

from clinic.measures.follow_up import Escalation
from clinic.measures.models import CheckIn, Told
from kapstone.risk import AlertLevel

ASKED = ("unwell", "thoughts", "driven")
UNSAID = "This belongs to a call that reached them."
LEVELS = (
    ("no", "No"),
    (str(AlertLevel.IMMEDIATE), "Yes, at once: somebody is told now"),
    (str(AlertLevel.URGENT), "Yes, urgent: within two hours"),
    (str(AlertLevel.REVIEW), "Yes, for review: the next working day"),
)


def _answers() -> forms.RadioSelect:
    return forms.RadioSelect(choices=Told.choices)


class CheckInForm(forms.ModelForm[CheckIn]):
    """One call. Nothing is filled in beforehand but the time."""

    reached = forms.TypedChoiceField(
        label="Did you reach them?",
        coerce=lambda answer: answer == "yes",
        choices=(("yes", "Yes, I spoke with them"), ("no", "No")),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you reached them."},
    )
    escalate = forms.ChoiceField(
        initial="no",
        choices=LEVELS,
        widget=forms.RadioSelect,
        label="Does somebody need to act?",
    )
    escalate_words = forms.CharField(
        required=False, max_length=250, label="What for", widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = CheckIn
        fields: ClassVar[list[str]] = [
            "called_at",
            "reached",
            "said",
            "unwell",
            "unwell_words",
            "thoughts",
            "driven",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "called_at": forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
            ),
            "said": forms.Textarea(attrs={"rows": 3}),
            "unwell_words": forms.Textarea(attrs={"rows": 2}),
            **{name: _answers() for name in ASKED},
        }
        labels: ClassVar[dict[str, str]] = {
            "called_at": "When you called",
            "said": "What they said, in their words",
            "unwell": "Anything unpleasant or new since the dose?",
            "unwell_words": "What, since when, is it over",
            "thoughts": "Any thoughts of ending their life?",
            "driven": "Hardly any sleep, and unusually driven or irritable?",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "said": "How they are, what they noticed, what they ask for.",
            "unwell": "Such as a headache, raised blood pressure, confusion, pain passing water.",
            "thoughts": "A yes tells somebody at once. Then ask the C-SSRS screener.",
            "driven": "A yes tells somebody at once: it may be the start of mania.",
        }

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        for name in ASKED:
            cast(forms.TypedChoiceField, self.fields[name]).choices = Told.choices
        for name in ("said", *ASKED):
            self.fields[name].required = self.data.get("reached") != "no"
            self.fields[name].error_messages["required"] = UNSAID

    def clean_called_at(self) -> datetime:
        """What has not happened yet cannot be recorded."""
        called_at: datetime = self.cleaned_data["called_at"]
        if called_at > self.at:
            raise forms.ValidationError("This is still to come. Record the call after it.")
        return called_at

    def clean(self) -> dict[str, Any]:
        """Not reached: nobody said anything."""
        told = cast(dict[str, Any], super().clean())
        if told.get("reached") is False:
            told |= dict.fromkeys(("said", "unwell_words", *ASKED), "")
        elif told.get("unwell") == Told.YES and not told.get("unwell_words"):
            self.add_error("unwell_words", "Say what it was.")
        if told.get("escalate") in list(AlertLevel) and not told.get("escalate_words"):
            self.add_error("escalate_words", "Say what somebody is to do.")
        return told

    def escalation(self) -> Escalation | None:
        """Who is to act, and how soon; None where nobody need."""
        level = self.cleaned_data["escalate"]
        words = self.cleaned_data["escalate_words"]
        return None if level == "no" else Escalation(AlertLevel(level), words)

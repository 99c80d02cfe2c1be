"""What is typed in about a visit after a dose."""

from typing import Any, ClassVar, cast

from django import forms

from clinic.therapy.forms import HeldForm, lines, moment
from clinic.therapy.models import Contact, IntegrationVisit, Outcome, Structure
from clinic.therapy.models.notes import LONGEST_MIN


class IntegrationForm(HeldForm):
    """An integration visit. What a group of the page asks may stay empty."""

    structures = forms.MultipleChoiceField(
        choices=Structure.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which way of working it followed",
        help_text="None has to be. No way of working is known to be better than another here.",
    )

    class Meta:
        model = IntegrationVisit
        fields: ClassVar[list[str]] = [
            "outcome",
            "held_at",
            "contact",
            "minutes",
            "focus",
            "insight",
            "emotion",
            "behaviour",
            "next_step",
            "homework",
            "structures",
            "together_score",
            "observations",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "outcome": forms.RadioSelect(),
            "contact": forms.RadioSelect(),
            "held_at": moment(),
            "focus": lines(3),
            "insight": lines(2),
            "emotion": lines(2),
            "behaviour": lines(2),
            "next_step": lines(2),
            "homework": lines(2),
            "observations": lines(3),
            "minutes": forms.NumberInput(attrs={"min": 1, "max": LONGEST_MIN}),
            "together_score": forms.NumberInput(attrs={"min": 0, "max": 10}),
        }
        labels: ClassVar[dict[str, str]] = {
            "outcome": "Did it take place?",
            "held_at": "When it was, or was to be",
            "contact": "How you met",
            "minutes": "Minutes",
            "focus": "Themes you worked on",
            "insight": "What they see now",
            "emotion": "What they felt",
            "behaviour": "What they do, or stopped doing",
            "next_step": "The next small step",
            "homework": "What they take with them",
            "together_score": "How far you work together on what matters to them, 0 to 10",
            "observations": "What you saw",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "focus": "Part of the clinical record. What is for you alone goes into a private note.",
            "next_step": "Theirs, and small enough for this week.",
            "homework": "Such as writing, breathing, time outside, sleep, seeing a friend.",
            "together_score": "Ask the person: 0 is not at all, 10 is fully. One question, "
            "no published instrument: it shows change from visit to visit and is compared "
            "with nobody.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("outcome", Outcome.choices), ("contact", Contact.choices)):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = choices  # without the empty choice of a list

    def clean(self) -> dict[str, object]:
        """A visit that took place was held somehow, and had something in it."""
        cleaned = cast(dict[str, object], super().clean())
        if cleaned.get("outcome") == Outcome.ATTENDED:
            if not cleaned.get("focus"):
                self.add_error("focus", "Write what you worked on.")
            if not cleaned.get("contact") and "contact" not in self.errors:
                self.add_error("contact", "Choose how you met.")
        return cleaned


class CorrectionForm(IntegrationForm):
    """The same visit, corrected."""

    class Meta(IntegrationForm.Meta):
        fields: ClassVar[list[str]] = [*IntegrationForm.Meta.fields, "reason"]
        labels: ClassVar[dict[str, str]] = IntegrationForm.Meta.labels | {
            "reason": "Why it is corrected"
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True

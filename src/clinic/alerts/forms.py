"""What somebody says they did about an alert."""

from typing import Any, cast

from django import forms

from clinic.alerts.actions import Contact, Outcome
from clinic.alerts.models import How, PlanState, Result, StepKind
from clinic.people.models import StaffMember
from kapstone.risk import PlanAsk

REACH = "reach"
OPEN_STEPS = [
    (StepKind.ACKNOWLEDGED.value, StepKind.ACKNOWLEDGED.label),
    (REACH, "Tried to reach the person"),
    (StepKind.HANDED_OVER.value, "Handed over"),
]
PLAN_HELP = {
    PlanAsk.NEEDED: "At this tier a safety plan is made or gone through with the person.",
    PlanAsk.OFFERED: "At this tier a safety plan is offered.",
}


class StepForm(forms.Form):
    """A step that leaves the alert open."""

    kind = forms.ChoiceField(label="What was done", widget=forms.RadioSelect, choices=OPEN_STEPS)
    how = forms.ChoiceField(
        required=False,
        label="How you tried",
        choices=[("", ""), *How.choices],
        help_text="For an attempt to reach the person.",
    )
    result = forms.ChoiceField(
        required=False, label="What came of it", choices=[("", ""), *Result.choices]
    )
    to = forms.ModelChoiceField(
        StaffMember.objects.filter(left_at__isnull=True).select_related("user"),
        required=False,
        label="Hand over to",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Note")

    def clean(self) -> dict[str, object]:
        """Handing over names somebody; an attempt says how, and what came of it."""
        cleaned = cast(dict[str, object], super().clean())
        handing = cleaned.get("kind") == StepKind.HANDED_OVER
        if handing and not cleaned.get("to"):
            self.add_error("to", "Choose who takes it over.")
        if not handing:
            cleaned["to"] = None
        if cleaned.get("kind") == REACH:
            asked = {"how": "Say how you tried.", "result": "Say what came of it."}
            for name, missing in asked.items():
                if not cleaned.get(name):
                    self.add_error(name, missing)
        return cleaned

    def contact(self) -> Contact | None:
        """The attempt; None for every other step."""
        told = self.cleaned_data
        if told["kind"] != REACH:
            return None
        return Contact(How(told["how"]), Result(told["result"]))


class TryForm(forms.Form):
    """One attempt at a contact after a suicide tier."""

    how = forms.ChoiceField(
        label="How you tried",
        choices=[("", ""), *How.choices],
        error_messages={"required": "Say how you tried."},
    )
    result = forms.ChoiceField(
        label="What came of it",
        choices=[("", ""), *Result.choices],
        help_text="Only speaking with the person settles this contact.",
        error_messages={"required": "Say what came of it."},
    )
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Note",
        help_text="How they are, what was agreed, what you will do next.",
    )

    def contact(self) -> Contact:
        """How they were tried, and the result."""
        told = self.cleaned_data
        return Contact(How(told["how"]), Result(told["result"]))


class CloseForm(forms.Form):
    """What was decided, in words, and what became of the safety plan where it is asked for."""

    note = forms.CharField(
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Outcome",
        help_text="What you found, what was decided, and what happens next.",
    )
    plan = forms.ChoiceField(
        label="Safety plan", widget=forms.RadioSelect, choices=PlanState.choices
    )
    no_plan_why = forms.CharField(
        required=False,
        max_length=300,
        label="Why there is none",
        help_text="Where it was not made.",
    )

    def __init__(self, *args: Any, asked: PlanAsk | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.auto_id = "close_%s"  # StepForm's note stands on the same page
        if asked is None:
            del self.fields["plan"], self.fields["no_plan_why"]
        else:
            self.fields["plan"].help_text = PLAN_HELP[asked]

    def clean(self) -> dict[str, object]:
        """No plan says why."""
        cleaned = cast(dict[str, object], super().clean())
        declined = cleaned.get("plan") == PlanState.DECLINED
        if declined and not cleaned.get("no_plan_why"):
            self.add_error("no_plan_why", "Say why: they declined, or what stood in the way.")
        if not declined:
            cleaned["no_plan_why"] = ""
        return cleaned

    def outcome(self) -> Outcome:
        """What closes the alert."""
        told = self.cleaned_data
        plan = PlanState(told["plan"]) if "plan" in self.fields else None
        return Outcome(told["note"], plan, told["no_plan_why"])

"""What is typed about adverse events."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone

from clinic.adverse.models import AdverseEvent
from clinic.dosing.models import DosingSession
from clinic.people.moments import in_reach
from kapstone import adverse

MOST_MINUTES_AGO = 1440
JUDGED_FIELDS = ("causality", "expectedness")  # a prescriber's to choose
TO_COME = "This is still to come."


def moment(label: str, *, required: bool = True, help_text: str = "") -> forms.DateTimeField:
    """A moment in the clinic's own time."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        validators=[in_reach],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


def listed(name: str) -> list[tuple[str, str]]:
    """The choices of one list."""
    return [(row.id, row.title) for row in adverse.content().choices[name].values()]


def grades() -> list[tuple[str, str]]:
    """The steps of the scale; none chosen is not graded."""
    rows = adverse.content().grades
    return [("", "Not graded yet")] + [
        (str(row.number), f"{row.number} {row.title}: {row.says}") for row in rows
    ]


class EventForm(forms.ModelForm[AdverseEvent]):
    """An event. Only its name and onset must be there; what is open is named and can follow."""

    onset_at = moment("When it began")
    stop_at = moment("When it was over", required=False)
    aware_at = moment("When somebody here learned of it", help_text="Clocks run from then.")
    criteria = forms.MultipleChoiceField(
        label="Serious: any of these",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing ticked, and nobody has judged it yet: then it is treated as if it were.",
    )
    none_holds = forms.BooleanField(label="None of these: it was not serious", required=False)
    grade = forms.TypedChoiceField(
        label="Grade by the scale", required=False, coerce=int, empty_value=None
    )
    intervention_grade = forms.TypedChoiceField(
        label="Grade by what had to be done",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Apart from the scale's: a passing rise of pressure is 3 by its figures.",
    )
    taken = forms.MultipleChoiceField(
        label="What was done", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label="Why it is corrected", required=False, max_length=300)

    class Meta:
        model = AdverseEvent
        fields: ClassVar[list[str]] = [
            *("term", "detail", "session", "onset_at", "stop_at", "aware_at", "criteria"),
            *("none_holds", "grade", "transient_expected", "intervention_grade", "taken"),
            *("outcome", "causality", "expectedness", "reporter", "inpatient", "reason"),
        ]
        labels: ClassVar[dict[str, str]] = {
            "term": "What happened",
            "detail": "In your words",
            "session": "In or after which session",
            "transient_expected": "It was expected and passed by itself",
            "reporter": "Who told of it",
            "inpatient": "They were an inpatient when the dose was given",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "term": "Pick a name, or write your own: it is kept as you write it."
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "term": forms.TextInput(attrs={"list": "terms", "autocomplete": "off"}),
            "detail": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, at: datetime, may_judge: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        for name in ("criterion", "taken"):
            field = self.fields["criteria" if name == "criterion" else name]
            field.choices = listed(name)  # type: ignore[attr-defined]  # of a multiple choice
        for name in ("causality", "expectedness", "outcome"):
            choices = [("", "Not said yet"), *listed(name)]
            title = TITLES[name]
            self.fields[name] = forms.ChoiceField(label=title, choices=choices, required=False)
        for name in ("grade", "intervention_grade"):
            self.fields[name].choices = grades()  # type: ignore[attr-defined]  # as above
        sessions = DosingSession.objects.filter(patient=self.instance.patient)
        own = sessions.filter(phase__in=AFTER).order_by("-opened_at")
        self.fields["session"] = _SessionField(own)
        self.fields["session"].initial = self.instance.session_id
        if self.instance.replaces is None:
            del self.fields["reason"]
        if not may_judge:
            for name in JUDGED_FIELDS:
                del self.fields[name]

    def clean_onset_at(self) -> datetime:
        """Not ahead."""
        return past(self.cleaned_data["onset_at"], self.at)

    def clean_aware_at(self) -> datetime:
        """Not ahead."""
        return past(self.cleaned_data["aware_at"], self.at)

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is asked again; what is open is not."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        onset, stop, aware = (told.get(name) for name in ("onset_at", "stop_at", "aware_at"))
        if onset and stop and stop < onset:
            self.add_error("stop_at", "It cannot be over before it began.")
        if onset and aware and aware < onset:
            self.add_error("aware_at", "Nobody can have learned of it before it began.")
        if told.get("criteria") and told.get("none_holds"):
            self.add_error("none_holds", "Take away the ticks above, or this one.")
        if "reason" in self.fields and not told.get("reason", "").strip():
            self.add_error("reason", "Say why: the earlier words stay on record beside yours.")
        return told

    def event(self) -> AdverseEvent:
        """The row to write."""
        event, told = self.instance, self.cleaned_data
        event.judged = bool(told["criteria"] or told["none_holds"])
        event.product = event.session.product if event.session else ""
        return event


class _SessionField(forms.ModelChoiceField[DosingSession]):
    def __init__(self, sessions: Any) -> None:
        super().__init__(
            sessions,
            label="In or after which session",
            required=False,
            empty_label="None, or not known",
        )

    def label_from_instance(self, obj: DosingSession) -> str:
        """Its day and product."""
        return f"{timezone.localtime(obj.opened_at):%Y-%m-%d}, {obj.product.lower()}, {obj.route}"


AFTER = ("dosing", "peak", "return", "stopped early", "recovery", "discharged",
         "left against advice", "transferred")  # fmt: skip
TITLES = {
    "causality": "How likely it came from the drug",
    "expectedness": "Whether it is known of the drug",
    "outcome": "What became of it",
}


def past(at: datetime, now: datetime) -> datetime:
    """The moment, where it is not ahead."""
    if at > now:
        raise forms.ValidationError(TO_COME)
    return at


class TapForm(forms.Form):
    """From the console: a name, how long ago, and a grade if there is one."""

    event_id = forms.UUIDField()
    term = forms.CharField(max_length=120, required=False)
    other = forms.CharField(label="Something else", max_length=120, required=False)
    minutes_ago = forms.IntegerField(
        label="Minutes ago", min_value=0, max_value=MOST_MINUTES_AGO, required=False
    )
    grade = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    transient_expected = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = grades()  # type: ignore[attr-defined]  # of a typed choice

    def clean(self) -> dict[str, Any]:
        """One name, tapped or written."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        told["term"] = (told.get("term") or told.get("other") or "").strip()
        if not told["term"]:
            self.add_error("other", "Tap a name, or write what happened.")
        return told

    def event(self, session: DosingSession, at: datetime) -> AdverseEvent:
        """The row to write."""
        told = self.cleaned_data
        onset = at - timedelta(minutes=told["minutes_ago"] or 0)
        return AdverseEvent(
            id=told["event_id"],
            patient=session.patient,
            session=session,
            product=session.product,
            term=told["term"],
            onset_at=onset,
            aware_at=at,
            grade=told["grade"],
            transient_expected=told["transient_expected"],
        )


def asked_answers(posted: Mapping[str, str]) -> dict[str, bool]:
    """What was answered of the names that are asked; one left open was not asked."""
    said = {"yes": True, "no": False}
    answers = {
        term: posted.get(f"term-{number}", "")
        for number, term in enumerate(adverse.content().terms.asked)
    }
    return {term: said[word] for term, word in answers.items() if word in said}


def event_id(posted: Mapping[str, str]) -> UUID | None:
    """The id that a form brings along, so that sending it twice is charting it once."""
    try:
        return UUID(posted.get("event_id", ""))
    except ValueError:
        return None

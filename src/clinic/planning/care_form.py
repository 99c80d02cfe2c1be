"""What is said to pause a person's care, to go on to maintenance, or to end it."""

from django import forms

from clinic.people.models import Patient
from kapstone import pathway

MEANS = {
    pathway.Episode.PAUSED: "Nothing is given until a prescriber signs a new order.",
    pathway.Episode.MAINTENANCE: "The series is over; the result was looked at. Asked each month.",
    pathway.Episode.COMPLETED: "The result was looked at, and care ends well.",
    pathway.Episode.NOT_ELIGIBLE: "A prescriber finds that this treatment is not for them.",
    pathway.Episode.DECLINED: "The person would rather not.",
    pathway.Episode.WITHDRAWN: "The person had agreed, and leaves.",
    pathway.Episode.REFERRED_ON: "Somebody else takes over.",
    pathway.Episode.LOST: "Nobody can reach the person any more.",
    pathway.Episode.DIED: "Every message and question stops at once.",
}


class MoveForm(forms.Form):
    """Where care goes, and why."""

    to = forms.ChoiceField(label="Care is", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Why, or what was judged",
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="At least 10 letters. It stays on record.",
    )
    sure = forms.BooleanField(required=False)

    def __init__(self, patient: Patient, ways: list[pathway.Episode], *args: object):
        super().__init__(*args)  # type: ignore[arg-type]  # a form's own data, or nothing
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(to), f"{str(to).capitalize()}: {MEANS[to]}") for to in ways
        ]
        self.fields["sure"].label = (
            f"If it ends: I checked that this is {patient.given_name} {patient.family_name}, "
            f"record {patient.record_number}. An end is not taken back."
        )

    def clean(self) -> dict[str, object]:
        """An end is said twice: with its reason, and that this is the person."""
        cleaned = super().clean() or {}
        to = cleaned.get("to")
        if to and not pathway.allowed(pathway.Episode(to)) and not cleaned.get("sure"):
            self.add_error("sure", "Check who this is, and tick this box to end their care.")
        return cleaned

"""What is typed in about debriefs, dangers and private notes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms

from clinic.people.models import User


def lines(rows: int) -> forms.Textarea:
    """A field for some lines."""
    return forms.Textarea(attrs={"rows": rows})


def moment() -> forms.DateTimeInput:
    """A field for a day and a time."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


def _code() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    )


class HeldForm(forms.ModelForm[Any]):
    """A visit that took place before now."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_held_at(self) -> datetime:
        """What has not happened yet cannot be recorded."""
        held_at: datetime = self.cleaned_data["held_at"]
        if held_at > self.at:
            raise forms.ValidationError("This is still to come. Record the visit after it.")
        return held_at


class DebriefForm(forms.Form):
    """A few lines before leaving."""

    text = forms.CharField(
        widget=lines(4),
        label="What they say, in their own words",
        help_text="How are they? What stays with them? Nothing waits for this.",
    )


class DangerForm(forms.Form):
    """What somebody who has to act must know."""

    words = forms.CharField(
        widget=lines(5),
        label="What you know",
        help_text="It stands in the chart for everybody who treats this person. An alert calls "
        "whoever is on call now; its message does not hold these words.",
    )


class HandOverForm(forms.Form):
    """Notes of one's own, to a colleague who treats the same person."""

    notes = forms.TypedMultipleChoiceField(
        label="Which notes", coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    to = forms.TypedChoiceField(label="To whom", coerce=int)

    def __init__(
        self, *args: Any, notes: Iterable[tuple[str, str]], to: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["notes"]).choices = list(notes)
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            ("", "Choose a colleague"),
            *((user.pk, user.name) for user in to),
        ]


class PairForm(forms.Form):
    """Who is to hold the two recovery sheets."""

    first = forms.TypedChoiceField(label="One person", coerce=int)
    second = forms.TypedChoiceField(label="Another person", coerce=int)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose somebody"), *((user.pk, user.name) for user in people)]
        for field in self.fields.values():
            cast(forms.ChoiceField, field).choices = choices


class RecoveryForm(forms.Form):
    """Both sheets, at one screen, with both people there."""

    code = forms.CharField(label="The code of your own sheet", widget=_code())
    beside_code = forms.CharField(label="The code of the other sheet", widget=_code())
    secret = forms.CharField(
        label="PIN or password of the other person, typed by them",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        strip=False,
    )
    reason = forms.CharField(label="Why the sheets are opened", widget=lines(2))


class PrivateNoteForm(forms.Form):
    """A note for its author alone."""

    text = forms.CharField(widget=lines(8), label="Your note", strip=False)

    def clean_text(self) -> str:
        """Some words, kept as they were typed."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("Write something, or leave the page.")
        return text

"""What is typed or tapped in."""

from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils import timezone

from clinic.measures.hands import Hand
from clinic.measures.models import SheetHand
from clinic.measures.offers import STAFF_ONLY
from clinic.measures.phone_forms import SKIPPED
from kapstone import instruments
from kapstone.instruments.conditions import Number
from kapstone.instruments.definition import Item, Span

MOST_BUTTONS = 11  # 0 to 10; a longer scale is typed
OLDEST_SHEET = timedelta(days=3653)


class AskForm(forms.Form):
    """Which questionnaire to send, and how long its link lives."""

    instrument = forms.ChoiceField(label="Questionnaire")
    days = forms.IntegerField(
        min_value=1, max_value=30, initial=7, label="The link lives for (days)"
    )

    def __init__(self, *args: object, offered: list[instruments.Instrument], **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what was declared
        field.choices = [(each.id, each.name) for each in offered]

    def closes_after(self) -> timedelta:
        """How long the link lives."""
        return timedelta(days=self.cleaned_data["days"])


class EntryForm(forms.Form):
    """Staff enter a questionnaire by number, from the clinic's own sheet.

    `sheet` names it: the same form sent twice, after a failure or by two clicks, is one entry.
    """

    sheet = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    observed_at = forms.DateTimeField(
        label="Answered at",
        help_text="When the person filled in the sheet, in the clinic's time.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    who = forms.ChoiceField(
        label="Who answered?",
        required=False,
        widget=forms.RadioSelect,
    )
    whose_hand = forms.CharField(
        required=False,
        max_length=200,
        label="Who that was",
        help_text="Where it was not the person themselves: a name, and who they are to them.",
    )

    def __init__(self, instrument: instruments.Instrument, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        hands = _hands(instrument.kind)
        if "who" not in self.initial:
            self.initial["who"] = hands[0]
        self.unsaid = Hand(hands[0]) if hands[0] == SheetHand.Kind.SELF else None
        cast(forms.ChoiceField, self.fields["who"]).choices = [(h.value, h.label) for h in hands]
        for number, item in enumerate(instrument.items, 1):
            self.fields[item.id] = _field(item, f"{number}. {item.label}")
        self.items = [item.id for item in instrument.items]

    def clean_observed_at(self) -> object:
        """Not in the future."""
        observed_at = self.cleaned_data["observed_at"]
        now = timezone.now()
        if observed_at > now:
            raise forms.ValidationError("This time is in the future.")
        if observed_at < now - OLDEST_SHEET:
            raise forms.ValidationError("This is more than ten years ago. Check the year.")
        return observed_at

    def clean(self) -> dict[str, object]:
        """Somebody else says who they are."""
        told = cast(dict[str, object], super().clean())
        mine = told.get("who") in ("", None, SheetHand.Kind.SELF)
        if not mine and not told.get("whose_hand"):
            self.add_error("whose_hand", "Say who it was.")
        return told

    def hand(self) -> Hand | None:
        """Who gave the answers; None where nothing was chosen and nobody can be taken for it."""
        who = self.cleaned_data["who"]
        if not who:
            return self.unsaid
        own = who == SheetHand.Kind.SELF
        return Hand(who, "" if own else self.cleaned_data["whose_hand"])

    def answers(self) -> dict[str, Number]:
        """Value by item; items not answered are absent."""
        given = {item: self.cleaned_data[item] for item in self.items}
        return {item: value for item, value in given.items() if value is not None}


def _hands(kind: str) -> list[SheetHand.Kind]:
    """Who may have answered an instrument of this kind, the likeliest first."""
    if kind == STAFF_ONLY:
        return [SheetHand.Kind.RATED]
    either = kind == "clinician_or_self"
    return [each for each in SheetHand.Kind if either or each != SheetHand.Kind.RATED]


def _field(item: Item, label: str) -> forms.Field:
    if item.span and (item.span.decimals or len(item.values) > MOST_BUTTONS):
        return _number_field(item.span, label)
    named = {choice.value: f"{choice.value} ({choice.label})" for choice in item.choices}
    return forms.TypedChoiceField(
        label=label,
        coerce=lambda answer: None if answer == SKIPPED else int(answer),
        widget=forms.RadioSelect,
        choices=[
            *((value, named.get(value, str(value))) for value in item.values),
            (SKIPPED, "Not answered"),
        ],
        error_messages={"required": "Choose the number, or say that it was not answered."},
    )


def _number_field(span: Span, label: str) -> forms.Field:
    said = f"From {span.minimum} to {span.maximum}. Leave it empty if it was not answered."
    if not span.decimals:
        return forms.IntegerField(
            label=label,
            help_text=said,
            required=False,
            min_value=span.minimum,
            max_value=span.maximum,
        )
    return forms.DecimalField(
        label=label,
        help_text=said,
        required=False,
        min_value=span.minimum,
        max_value=span.maximum,
        decimal_places=span.decimals,
    )


class CorrectionForm(EntryForm):
    """An entry put right, and why."""

    reason = forms.CharField(
        min_length=5,
        max_length=500,
        label="Why is it corrected?",
        help_text="Such as: read from the wrong column. What was entered first stays on record.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["sheet"]  # sent once: the entry that it corrects names it
        self.unsaid = None  # what that entry says of who answered stands
        self.order_fields([name for name in self.fields if name != "reason"])  # it comes last

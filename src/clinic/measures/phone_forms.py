"""What a patient types or taps in."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.measures.hands import Hand
from clinic.measures.models import Helper
from clinic.measures.wording import Wording
from clinic.people.own_words import OwnWords

SKIPPED = "skip"
SKIP_WORDS = _("I would rather not answer")
SELF = "self"


class SecondFactForm(forms.Form):
    """The fact that shows a link reached the right person, and whose hand answers."""

    birth_date = forms.DateField(
        label=_("Your date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
    )
    who = forms.ChoiceField(
        label=_("Who is answering?"),
        initial=SELF,
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (SELF, _("I am, for myself")),
            (Helper.Kind.PROXY, _("Somebody close to me")),
            (Helper.Kind.STAFF, _("A member of the clinic's staff")),
        ],
    )
    words = OwnWords(
        label=_("Their name, and who they are to you"),
        required=False,
        max_length=200,
    )

    def clean(self) -> dict[str, object]:
        """Somebody else says who they are."""
        told = cast(dict[str, object], super().clean())
        if told.get("who") not in ("", SELF, None) and not told.get("words"):
            self.add_error("words", _("Say who is answering."))
        return told

    def hand(self) -> Hand | None:
        """Whose hand answers, where it is not the person's."""
        who = self.cleaned_data["who"] or SELF
        return None if who == SELF else Hand(who, self.cleaned_data["words"])


def _choices(wording: Wording, item: str) -> list[tuple[str, object]]:
    said = [(str(value), words) for value, words in wording.choices[item].items()]
    return [*said, (SKIPPED, SKIP_WORDS)]


def _field(wording: Wording, item: str, *, required: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=wording.items[item],
        choices=_choices(wording, item),
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": _("Choose one of these.")},
    )


def _value(answer: str) -> int | None:
    return None if answer == SKIPPED else int(answer)


class AnswerForm(forms.Form):
    """One item on a phone: its answers, and the right not to answer."""

    def __init__(self, wording: Wording, item: str, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        self.fields["answer"] = _field(wording, item, required=True)

    def value(self) -> int | None:
        """The number, or None for an item left unanswered."""
        return _value(self.cleaned_data["answer"])


class PageForm(forms.Form):
    """Every item on one page. What is not tapped stays open."""

    def __init__(self, wording: Wording, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        for item in wording.items:
            self.fields[item] = _field(wording, item, required=False)

    def changed(self) -> dict[str, int | None]:
        """What was tapped and is not on record so."""
        told = {item: answer for item, answer in self.cleaned_data.items() if answer}
        return {
            item: _value(answer)
            for item, answer in told.items()
            if answer != self.initial.get(item)
        }

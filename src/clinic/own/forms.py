"""What somebody types for themselves, and what a therapist tells them of a session."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.own_words import OwnWords

LONGEST = 20_000  # characters of one piece of writing
LATEST = timedelta(days=366 * 5)


class WordsForm(forms.Form):
    """Words for oneself."""

    text = OwnWords(label=_("Your words"), lines=8, max_length=LONGEST)


class ValuesForm(forms.Form):
    """What matters, one thing on a line."""

    text = OwnWords(
        label=_("What matters to you"),
        help_text=_("One thing on each line. Such as: be there for my son; be outside; be honest."),
        lines=6,
        max_length=LONGEST,
    )


class LetterForm(forms.Form):
    """A letter and its day."""

    text = OwnWords(label=_("Dear me"), lines=10, max_length=LONGEST)
    opens_on = forms.DateField(
        label=_("Open it on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_opens_on(self) -> date:
        """A day to come, that somebody lives to see."""
        day: date = self.cleaned_data["opens_on"]
        if not self.today < day <= self.today + LATEST:
            raise forms.ValidationError(_("Choose a day after today, within five years."))
        return day


class IntentionForm(forms.Form):
    """What somebody comes with; it may be nothing."""

    text = OwnWords(
        label=_("Why you come, in your words"), lines=4, required=False, max_length=2000
    )


class HomeworkForm(forms.Form):
    """How it went with what they took along."""

    done = forms.TypedChoiceField(
        label=_("How did it go?"),
        choices=[("yes", _("I did it, or some of it")), ("no", _("Not yet"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    words = OwnWords(label=_("Say more if you like"), lines=3, required=False, max_length=2000)


class StoryForm(forms.Form):
    """A session's story."""

    text = forms.CharField(
        label="What you tell them",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="In plain words, what was seen and heard: theirs to make sense of. It begins "
        "with the moments that were marked. They read it on their own page, if they wish.",
    )

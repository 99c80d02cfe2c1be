"""What is typed about one line."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.own_words import OwnWords


class HelpForm(forms.Form):
    """What is hard about a line, in the person's own words."""

    words = OwnWords(label=_("What is hard about it?"), lines=3, required=False, max_length=1000)


class CallForm(forms.Form):
    """What staff heard in a call."""

    ready = forms.TypedChoiceField(
        label="What they say",
        choices=[("yes", "It is ready, or they will do it"), ("no", "They need help with it")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    words = forms.CharField(
        label="In their words",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

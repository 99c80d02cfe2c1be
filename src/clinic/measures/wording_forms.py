"""What is typed about a file of wording."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kapstone import instruments
from kapstone.wording import LARGEST_BYTES, Match

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


class WordingForm(forms.Form):
    """A file, for which questionnaire, and on which terms it may be used."""

    instrument = forms.ChoiceField(label="Questionnaire")
    language = forms.CharField(
        max_length=16, label="Language", help_text="A tag such as en-US, es or es-MX."
    )
    file = forms.FileField(
        label="File",
        help_text="FHIR Questionnaire or LHC-Forms (JSON), or a REDCap data dictionary (CSV).",
    )
    form = forms.CharField(
        required=False,
        max_length=100,
        label="Form",
        help_text="Only for a REDCap data dictionary that holds several forms: which one.",
    )
    licence = forms.CharField(
        max_length=1000,
        label="Licence",
        help_text="On which terms the clinic may use this wording, as its holder writes them.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.CharField(
        max_length=300,
        label="Source",
        help_text="Who published it, where and when.",
    )
    permitted = forms.BooleanField(label="The clinic may use this wording on these terms")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what was declared
        field.choices = [(each, instruments.load(each).name) for each in instruments.ids()]

    def clean_language(self) -> str:
        """A tag, so that it can be compared with a person's."""
        tag: str = self.cleaned_data["language"]
        if not _TAG.fullmatch(tag):
            raise forms.ValidationError("Write a tag such as en-US, es or es-MX.")
        return tag

    def clean_file(self) -> bytes:
        """Not above the limit: a larger file is not read at all."""
        uploaded: UploadedFile[Any] = self.cleaned_data["file"]
        if uploaded.size is None or uploaded.size > LARGEST_BYTES:
            raise forms.ValidationError("This file is larger than 1 MB.")
        content: bytes = uploaded.read()
        return content


class ConfirmForm(forms.Form):
    """One box for each item that was matched by order, and one for the whole."""

    def __init__(self, match: Match, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.match = match
        for line in match.lines:
            if line.to_confirm:
                self.fields[line.item.id] = forms.BooleanField(
                    label=f"I have read it: these are the words and answers of {line.item.label}",
                    error_messages={"required": "Read it beside your source, then confirm it."},
                )

    def confirmed(self) -> frozenset[str]:
        """The items a person confirmed."""
        return frozenset(item for item, said in self.cleaned_data.items() if said)


class WithdrawForm(forms.Form):
    """Why wording is no longer asked with."""

    reason = forms.CharField(min_length=5, max_length=500, label="Why is it withdrawn?")

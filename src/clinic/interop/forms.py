"""A referral as a file, or in a few words."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from clinic.interop.actions import LARGEST_BYTES
from clinic.interop.models import Referral, SettledAs
from clinic.people.models import Patient

ANOTHER = "another"


class UploadForm(forms.Form):
    """A FHIR bundle, and whose it is where that is known."""

    bundle = forms.FileField(
        label="Referral file", help_text="A FHIR R4 bundle about one person, JSON, at most 5 MB."
    )
    record_number = forms.CharField(
        required=False,
        max_length=12,
        label="Record number",
        help_text="For somebody who is here already. Otherwise leave it empty.",
    )

    def clean_bundle(self) -> "UploadedFile[Any]":
        """Not above the limit: a larger file is not read at all."""
        uploaded: UploadedFile[Any] = self.cleaned_data["bundle"]
        if uploaded.size is None or uploaded.size > LARGEST_BYTES:
            raise forms.ValidationError("This file is larger than 5 MB. Send less at once.")
        return uploaded

    def clean_record_number(self) -> Patient | None:
        """The patient with this number."""
        written = self.cleaned_data["record_number"].strip()
        if not written:
            return None
        found = Patient.objects.filter(record_number__iexact=written).first()
        if found is None:
            raise forms.ValidationError("Nobody here has this record number.")
        return found


class WhoseForm(forms.Form):
    """Somebody here, or another person."""

    whose = forms.ChoiceField(widget=forms.RadioSelect, label="Whose referral is it?")

    def __init__(self, *args: object, candidates: list[Patient], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        field = self.fields["whose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what was declared
        field.choices = [
            *(
                (
                    str(each.pk),
                    f"{each.name}, born {each.birth_date:%B %-d, %Y}, record {each.record_number}",
                )
                for each in candidates
            ),
            (ANOTHER, "Another person, who is not here yet"),
        ]


class SettleForm(forms.Form):
    """What became of a left-over piece, and why."""

    outcome = forms.ChoiceField(choices=SettledAs.choices, label="What became of it")
    reason = forms.CharField(
        min_length=3,
        max_length=400,
        label="What was answered, or why it is not needed",
        strip=True,
    )


class TypedForm(forms.ModelForm[Referral]):
    """Who refers, why, and how to reach them."""

    class Meta:
        model = Referral
        fields: ClassVar[list[str]] = ["referrer", "contact", "why"]
        labels: ClassVar[dict[str, str]] = {
            "referrer": "Who refers",
            "contact": "How to reach them",
            "why": "Why",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "referrer": "A name and a practice; or that the person asks for care themselves."
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"why": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        for name in ("referrer", "why"):
            self.fields[name].required = True

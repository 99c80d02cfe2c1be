"""What is typed in about touch."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms

from clinic.people import queries as people
from clinic.people.models import Patient, StaffMember
from clinic.therapy.models import Position, Touch, TouchAgreement, TouchAsked
from clinic.therapy.touching import Allowed


class TeamChoice(forms.ModelMultipleChoiceField[StaffMember]):
    """Staff by name."""

    def label_from_instance(self, obj: StaffMember) -> str:
        """The name as written."""
        return obj.name


class AgreeTouchForm(forms.Form):
    """An agreement, made sober: which touches, by whom, how."""

    touches = forms.MultipleChoiceField(
        choices=Touch.choices,
        widget=forms.CheckboxSelectMultiple,
        label="They agree to a touch of the",
    )
    staff = TeamChoice(
        StaffMember.objects.none(), widget=forms.CheckboxSelectMultiple, label="By whom"
    )
    wishes_who = forms.CharField(
        max_length=100,
        required=False,
        label="Whose touch they want, and whose not",
        help_text="Such as: a woman's only. Empty where it is all the same to them.",
    )
    over_clothing = forms.BooleanField(required=False, label="Over clothing only")
    longest_s = forms.IntegerField(
        min_value=5, max_value=900, label="For at most how many seconds", initial=60
    )
    position = forms.ChoiceField(
        choices=Position.choices, widget=forms.RadioSelect, label="While they are"
    )
    manner = forms.CharField(
        max_length=300,
        required=False,
        label="Anything else about how",
        help_text="Such as: only when asked, from the left side.",
    )
    sober = forms.BooleanField(
        label="We talked it through and rehearsed it, with no drug acting on them",
    )
    signed_name = forms.CharField(
        max_length=200,
        label="Their full name, typed by them",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="A day before a dose or earlier, where that is possible.",
    )

    def __init__(self, *args: Any, patient: Patient, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient
        team = people.care_team(patient, at).values("staff")
        cast(TeamChoice, self.fields["staff"]).queryset = (
            StaffMember.objects.filter(pk__in=team).select_related("user").order_by("user__name")
        )

    def agreement(self) -> TouchAgreement:
        """The agreement as typed, not saved."""
        typed = self.cleaned_data
        terms = ("sober", "wishes_who", "over_clothing", "longest_s", "position", "manner")
        return TouchAgreement(
            patient=self.patient,
            signed_name=typed["signed_name"].strip(),
            **{name: typed[name] for name in terms},
        )

    def allowed(self) -> list[Allowed]:
        """Each touch with each member of staff."""
        return [
            Allowed(Touch(touch), staff)
            for touch in self.cleaned_data["touches"]
            for staff in self.cleaned_data["staff"]
        ]


class KeepTouchForm(forms.Form):
    """What is kept of an agreement; nothing ticked is no touch at all."""

    keep = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What they still agree to"
    )

    def __init__(self, *args: Any, agreement: TouchAgreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(each.pk): each for each in agreement.allowed.all()}
        choices = [
            (pk, f"{each.get_touch_display().capitalize()}, by {each.staff.name}")
            for pk, each in self.held.items()
        ]
        cast(forms.MultipleChoiceField, self.fields["keep"]).choices = choices
        self.fields["keep"].initial = list(self.held)

    def kept(self) -> list[Allowed]:
        """The touches that stay."""
        rows = (self.held[pk] for pk in self.cleaned_data["keep"])
        return [Allowed(Touch(row.touch), row.staff) for row in rows]


class AskedForm(forms.Form):
    """How touch was, in the person's own words."""

    concern = forms.TypedChoiceField(
        label="Was there any touch they did not want, or that worried them?",
        choices=[("no", "No"), ("yes", "Yes, or they are not sure")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="What they say, in their own words",
        help_text="Needed where they say yes. Ask nothing that puts words into their mouth.",
    )

    def asked(self, patient: Patient, session_id: UUID) -> TouchAsked:
        """What was said, not kept yet."""
        return TouchAsked(patient=patient, session_id=session_id, **self.cleaned_data)

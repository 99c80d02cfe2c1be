"""What is typed at a signing."""

import uuid
from collections.abc import Iterator
from typing import cast

from django import forms
from django.utils import timezone

from clinic.people import queries as people
from clinic.people.models import StaffMember
from clinic.planning import consent_text
from clinic.planning.consenting import CAPACITY_WORDS, Capacity, ItemAnswer, Reply, Signing
from clinic.planning.models import InterpreterWay, Plan

ELEMENTS = ("understands", "appreciates", "weighs", "chooses")


class StaffChoice(forms.ModelChoiceField[StaffMember]):
    """Staff by name."""

    def label_from_instance(self, obj: StaffMember) -> str:
        """The name as written."""
        return obj.name


class ConsentForm(forms.Form):
    """Each item with its answer and initials; then the name."""

    language = forms.CharField(label="Explained in (language)", max_length=40, initial="English")
    interpreter = forms.CharField(
        label="Interpreter",
        max_length=200,
        required=False,
        help_text="Needed where the person's language is not that of the text. Not a relative.",
    )
    interpreter_way = forms.ChoiceField(
        label="The interpreter is",
        required=False,
        choices=[("", "Nobody interprets"), *InterpreterWay.choices],
    )
    understands = forms.BooleanField(label=CAPACITY_WORDS[0])
    appreciates = forms.BooleanField(label=CAPACITY_WORDS[1])
    weighs = forms.BooleanField(label=CAPACITY_WORDS[2])
    chooses = forms.BooleanField(label=CAPACITY_WORDS[3])
    capacity_by = StaffChoice(
        StaffMember.objects.none(),
        label="Who found this",
        required=False,
        empty_label="I did, who explained it",
    )
    cannot_sign = forms.BooleanField(
        required=False, label="They cannot sign by hand: somebody typed for them as they said"
    )
    clinic_asks_witness = forms.BooleanField(required=False, label="We ask for a witness")
    witness = forms.CharField(
        label="Witness",
        max_length=200,
        required=False,
        help_text="Needed where it was interpreted, they cannot sign by hand, or we ask for one.",
    )
    copy_given = forms.BooleanField(label="They were given a copy, or asked for none.")
    signed_name = forms.CharField(
        label="Your full name, typed by you",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    consent_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    plan_id = forms.UUIDField(widget=forms.HiddenInput)
    text_version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, plan: Plan, *args: object, **kwargs: object):
        kwargs.setdefault(
            "initial", {"plan_id": plan.pk, "text_version": consent_text.text().version}
        )
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        self.plan = plan
        team = people.care_team(plan.patient, timezone.now()).values("staff")
        by = cast(StaffChoice, self.fields["capacity_by"])
        by.queryset = StaffMember.objects.filter(pk__in=team).select_related("user")
        self.items = consent_text.items_for(plan)
        for item in self.items:
            self.fields[item.id] = forms.ChoiceField(
                label=f"Your answer ({item.id})",
                choices=Reply.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Answer this one too."},
            )
            self.fields[f"{item.id}-initials"] = forms.CharField(
                label=f"Your initials ({item.id})",
                max_length=8,
                widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
            )
            self.fields[f"{item.id}-question"] = forms.CharField(
                label="What was asked",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> Iterator[dict[str, object]]:
        """Each item with its three fields, for the page."""
        for item in self.items:
            parts = {part: self[f"{item.id}-{part}"] for part in ("initials", "question")}
            yield {"item": item, "reply": self[item.id], **parts}

    def clean_plan_id(self) -> uuid.UUID:
        """What is signed is the plan on the screen."""
        seen: uuid.UUID = self.cleaned_data["plan_id"]
        if seen != self.plan.pk:
            raise forms.ValidationError("The plan was changed meanwhile. Open the page again.")
        return seen

    def signing(self) -> Signing:
        """What was answered and signed."""
        kept = self.cleaned_data
        names = ("consent_id", "text_version", "language", "signed_name", "copy_given")
        more = ("interpreter", "interpreter_way", "cannot_sign", "clinic_asks_witness", "witness")
        by = kept["capacity_by"]
        return Signing(
            plan=self.plan,
            answers={
                item.id: ItemAnswer(
                    Reply(kept[item.id]), kept[f"{item.id}-initials"], kept[f"{item.id}-question"]
                )
                for item in self.items
            },
            capacity=Capacity(
                by=by.user if by else None, **{name: kept[name] for name in ELEMENTS}
            ),
            **{name: kept[name] for name in (*names, *more)},
        )

"""What is typed of a standing order."""

from typing import cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from clinic.planning import standing
from clinic.planning.actions.standing import StandingTyped, refuse_ketamine
from clinic.planning.models import StandingOrder
from kapstone.errors import InvalidInput

WORDS = ("drug", "dose", "route", "conditions", "valid_until")


def _line(label: str, longest: int, words: str = "") -> forms.CharField:
    box = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, help_text=words, widget=box)


class StandingForm(forms.Form):
    """A new version, in the clinic's own words. Nothing is offered."""

    serves = forms.ChoiceField(label="Which step it serves")
    drug = _line("Drug", 120, "As it stands on the shelf.")
    dose = _line("Dose, with its unit", 120, "Shown at the chair exactly as typed.")
    route = _line("Route", 80)
    conditions = forms.CharField(
        label="When, and when not",
        max_length=1000,
        help_text="Such as what to check first, how often at most, whom to call.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    valid_until = forms.DateField(
        label="Valid through",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    order_id = forms.UUIDField(widget=forms.HiddenInput)
    after_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, before: StandingOrder | None, posted: QueryDict | None, serves: str = ""
    ) -> None:
        begin: dict[str, object] = {"order_id": uuid4(), "after_version": 0, "serves": serves}
        if before:
            begin |= {name: getattr(before, name) for name in WORDS}
            begin["after_version"] = before.version
            begin["serves"] = f"{before.pathway}:{before.step}"
        super().__init__(posted, initial=begin)
        self.fields["serves"].choices = [("", "Choose"), *_choices()]  # type: ignore[attr-defined]  # a choice field

    def clean_drug(self) -> str:
        """Not ketamine, by any of its names."""
        return self._not_ketamine("drug")

    def clean_dose(self) -> str:
        """Nor here."""
        return self._not_ketamine("dose")

    def _not_ketamine(self, key: str) -> str:
        written = cast(str, self.cleaned_data[key])
        try:
            refuse_ketamine(key, written)
        except InvalidInput as error:
            raise forms.ValidationError(f"It {error.problem} {error.mend}") from error
        return written

    def typed(self, series: UUID) -> StandingTyped:
        """What the form says."""
        told = self.cleaned_data
        row, _, step = told["serves"].rpartition(":")
        return StandingTyped(
            series=series,
            pathway=row,
            step=int(step),
            order_id=told["order_id"],
            after_version=told["after_version"],
            **{name: told[name] for name in WORDS},
        )


def _choices() -> list[tuple[str, str]]:
    return [
        (f"{row.id}:{step}", f"{row.title}, step {step}: {row.steps[step - 1]}")
        for row, step in standing.steps()
    ]


class WithdrawStandingForm(forms.Form):
    """Why it is given by no more."""

    reason = forms.CharField(
        label="Why it is withdrawn", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

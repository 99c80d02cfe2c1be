"""What is typed into the register. Each entry ends with the second person and their proof."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms

from clinic.people.models import StaffMember, User
from clinic.pharmacy import witness
from clinic.pharmacy.models import Vial

LEAST_MG, MOST_MG = Decimal("0.01"), Decimal(100_000)


class _StaffChoice(forms.ModelChoiceField[StaffMember]):
    def label_from_instance(self, obj: StaffMember) -> str:
        """The name as written."""
        return obj.name


class WitnessedForm(forms.Form):
    """The second person, who proves who they are now. Everything else typed is kept on a miss."""

    def __init__(
        self, *args: Any, by: User, at: datetime, prove: witness.Prove, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.prove = prove
        self.fields["second"] = _StaffChoice(
            witness.able(at, besides=by), label="Second person", empty_label="Choose"
        )
        self.fields["secret"] = forms.CharField(
            label="Second person's PIN or password",
            help_text="Typed by the second person, who watched.",
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        """The proof is asked for last, once everything else is in order."""
        cleaned = cast(dict[str, Any], super().clean())
        if not self.errors and not self.prove(cleaned["second"].user, cleaned["secret"]):
            self.add_error("secret", "This does not prove who they are. Type it again.")
        return cleaned

    @property
    def second(self) -> User:
        """Who stood by."""
        return cast(StaffMember, self.cleaned_data["second"]).user


def _amount(label: str, least_mg: Decimal = LEAST_MG, words: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=least_mg, max_value=MOST_MG, decimal_places=2, help_text=words
    )


def _words(label: str, words: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=words, min_length=5, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReceiveForm(WitnessedForm, forms.ModelForm[Vial]):
    """A vial as its label and invoice say."""

    class Meta:
        model = Vial
        fields: ClassVar[list[str]] = [
            "product",
            "concentration_mg_per_ml",
            "volume_ml",
            "lot",
            "expires_on",
            "supplier",
            "invoice",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "expires_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        }
        labels: ClassVar[dict[str, str]] = {
            "concentration_mg_per_ml": "Strength, mg in each mL",
            "volume_ml": "Volume, mL",
            "expires_on": "Expires on",
            "invoice": "Invoice number",
        }


class WasteForm(WitnessedForm):
    """Drug destroyed."""

    amount_mg = _amount("Amount wasted, mg")
    reason = _words("Why and how", "Such as: rest of the syringe, into the drug disposal box.")


class CountForm(WitnessedForm):
    """What two people found. What should be there is not shown before."""

    counted_mg = _amount("What the vial holds, mg", Decimal(0), "Both of you look before you type.")


class VarianceForm(WitnessedForm):
    """A difference explained."""

    amount_mg = _amount("Difference, mg", -MOST_MG, "More than there should be: 5. Less: -5.")
    reason = _words("What explains it", "Such as: overfill of the vial, a drop lost in the needle.")

    def clean_amount_mg(self) -> Decimal:
        """A difference of nothing is none."""
        amount_mg: Decimal = self.cleaned_data["amount_mg"]
        if not amount_mg:
            raise forms.ValidationError("Zero is no difference.")
        return amount_mg


class ReverseForm(WitnessedForm):
    """A wrong entry taken back."""

    reason = _words("Why it is wrong", "It stays to be read. Write the right one after it.")

"""Drawing the drug for a session from a vial of the register."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.dosing import before
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.people.gate import ClinicRequest
from clinic.pharmacy.forms import LEAST_MG, MOST_MG
from kapstone.errors import KapstoneError


class DrawForm(forms.Form):
    """From which vial, and how much."""

    vial = forms.ChoiceField(label="Vial")
    amount_mg = forms.DecimalField(
        label="Amount drawn, mg", min_value=LEAST_MG, max_value=MOST_MG, decimal_places=2
    )

    def __init__(self, session: DosingSession, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # passed on untouched
        self.vials = {str(each.vial.pk): each.vial for each in before.stock(session.product)}
        field = self.fields["vial"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what was declared
        words = (
            (key, f"{each.label}, expires {each.expires_on}") for key, each in self.vials.items()
        )
        field.choices = [("", "Choose"), *words]


@require_http_methods(["GET", "POST"])
@for_session
def draw(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Write a draw for this session's dose, before it is given or after."""
    form = DrawForm(session, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            before.draw(
                vial=form.vials[told["vial"]],
                amount_mg=told["amount_mg"],
                session_id=session.pk,
                by=request.user,
                at=timezone.now(),
            )
        except KapstoneError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The draw stands in the drug register.")
            return to_console(session)
    shown = {"patient": session.patient, "session": session, "form": form}
    return render(request, "dosing/draw.html", shown, status=422 if form.errors else 200)

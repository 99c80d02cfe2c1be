"""The page of components: every part in all its states, for review and for the axe tests.

Its people and values are made up, say so on the page, and are never saved. Shown in the demo only.
"""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic.people.models import Patient
from clinic.site.ladders import LADDERS

STAGES = ["Referred", "Screening", "Eligible", "Planned", "Consented", "Prepared", "In series"]
TONES = [
    ("stop", "Stopped"),
    ("warn", "Late"),
    ("care", "Draft"),
    ("note", "New"),
    ("good", "Done"),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    words = forms.CharField(label="Words", help_text="What it is for, in one sentence.")
    number = forms.DecimalField(label="Weight, kg", required=False)
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), ("a", "One"), ("b", "Other")])
    answer = forms.ChoiceField(
        label="How often?",
        widget=forms.RadioSelect,
        choices=[("0", "Never"), ("1", "Some days"), ("2", "Most days")],
    )
    long = forms.CharField(label="In your own words", required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="I have read this")


def components(request: HttpRequest) -> HttpResponse:
    """Everything the pages are made of."""
    if not settings.DEMO:
        raise Http404
    now = timezone.now()
    shown = {
        "now": now,
        "times": [
            now,
            now - timedelta(minutes=3),
            now - timedelta(hours=5),
            now + timedelta(days=3),
        ],
        "patient": _person(1, "Maria", date(1980, 3, 3), preferred_name="Mia"),
        "twin": [_person(2, "Maria", date(1980, 4, 3))],
        "bands": [_person(number, "Ana", date(1990, 1, number + 1)) for number in range(8)],
        "ladders": {name: list(steps) for name, steps in LADDERS.items()},
        "tones": TONES,
        "stages": [
            {"words": words, "state": "done" if n < 3 else "now" if n == 3 else "ahead"}
            for n, words in enumerate(STAGES)
        ],
        "blocks": ["Consent is not signed", "Weight is 41 days old"],
        "empty_form": SampleForm(auto_id="clean_%s"),
        "bad_form": SampleForm({"number": "much"}),
        "page": Paginator(range(150), 50).get_page(2),
        "contacts": [
            {"words": "Call the sample line", "number": "5550100", "note": "Day and night"}
        ],
    }
    template = "site/design_phone.html" if "phone" in request.GET else "site/design.html"
    return render(request, template, shown)


def _person(number: int, given_name: str, birth_date: date, preferred_name: str = "") -> Patient:
    return Patient(
        id=UUID(int=number),
        record_number=f"K00000{number}",
        given_name=given_name,
        family_name="Sample",
        preferred_name=preferred_name,
        birth_date=birth_date,
        sex="female",
        synthetic=True,
    )

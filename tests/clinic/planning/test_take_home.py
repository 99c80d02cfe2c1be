"""GRD-02: nothing that is typed, ordered or listed may become a dose outside the clinic."""

import re

import pytest
from django.apps import apps
from django.urls import get_resolver

from clinic.planning.order_form import OrderForm
from kapstone import dose
from kapstone.dose.rows import content
from kapstone.monitoring.schedules import schedules

WORDS = re.compile(r"take.?home|at.?home|dispens|refill|quantity|days.?supply", re.I)
# Where it is written down that somebody asked, and the sheets for whoever goes home.
ALLOWED = {"take_home", "TakeHomeRequest"}


def test_no_field_of_an_order_can_say_it() -> None:
    assert not [name for name in OrderForm.base_fields if WORDS.search(name)]
    for model in ("Order", "Plan"):
        fields = apps.get_model("planning", model)._meta.get_fields()
        assert not [each.name for each in fields if WORDS.search(each.name)]


def test_whatever_is_ordered_is_given_here_and_watched_here() -> None:
    """Each product and route that has limits has a schedule of readings by staff."""
    watched = {(each.product, each.route) for each in schedules()}
    for row in content().ranges:
        assert any(
            row.route == route and row.product in (product, "ANY") for product, route in watched
        ), row.id


def test_no_product_route_or_rule_of_a_dose_names_it() -> None:
    assert {str(each) for each in dose.Product} <= {"RACEMIC", "ESKETAMINE"}
    for row in content().ranges:
        assert not WORDS.search(repr(row)), row.id


def test_no_address_of_the_clinic_leads_there_but_the_one_that_writes_a_request_down() -> None:
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for _, resolver in get_resolver().namespace_dict.values():
        named |= {name for name in resolver.reverse_dict if isinstance(name, str)}
    assert {name for name in named if WORDS.search(name)} <= ALLOWED


@pytest.mark.django_db
def test_no_table_holds_it_but_the_requests() -> None:
    tables = {model.__name__ for model in apps.get_models()}
    assert {name for name in tables if WORDS.search(name)} <= ALLOWED

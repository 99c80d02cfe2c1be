"""A tab that opens a locked door frightens; one that is missing hides a part of the record."""

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from clinic.people import access
from clinic.people.roles import Role
from clinic.site import ways
from tests.clinic import cast

pytestmark = pytest.mark.django_db


def tabs(role: Role, view: str, *args: object, treating: bool = True) -> dict[str, str]:
    """What the tabs say to somebody at one page of a person, with what is marked."""
    member, person = cast.staff(role), cast.patient()
    if treating:
        cast.treats(member, person)
    request = RequestFactory().get(reverse(view, args=[person.pk, *args]))
    request.resolver_match = resolve(request.path)
    request.actor, request.patient = access.actor(member.user, cast.NOON), person
    return {way.words: way.current for way in ways.to_person(request)}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PATIENT])
@pytest.mark.parametrize("treating", [True, False])
def test_a_tab_stands_there_for_whom_its_page_opens(role: Role, treating: bool) -> None:
    member, person = cast.staff(role), cast.patient()
    if treating:
        cast.treats(member, person)
    client = cast.signed_in(member)
    shown = tabs(role, "people:patient", treating=treating)
    for words, name, _ in ways.TABS:
        found = client.get(reverse(name, args=[person.pk])).status_code
        assert (found == 200) == (words in shown), (words, found)


@pytest.mark.parametrize(
    ("view", "args", "marked"),
    [
        ("chart:chart", (), ("Chart", "page")),
        ("people:edit", (), ("Details", "true")),
        ("intake:form", (), ("History", "page")),
        ("intake:eligibility", (), ("Eligibility", "page")),
        ("intake:clear", (), ("Eligibility", "true")),
        ("planning:order", (), ("Plan and order", "true")),
        ("measures:ask", (), ("Chart", "true")),
        ("measures:after", (), ("After the dose", "page")),
    ],
)
def test_the_tab_of_the_page_is_marked_and_no_other(
    view: str, args: tuple[object, ...], marked: tuple[str, str]
) -> None:
    found = tabs(Role.PRESCRIBER, view, *args)
    assert [way for way in found.items() if way[1]] == [marked]


def test_a_page_about_nobody_has_no_tabs() -> None:
    request = RequestFactory().get("/today/")
    request.resolver_match = resolve("/today/")
    request.actor = access.actor(cast.staff(Role.NURSE).user, cast.NOON)
    assert ways.to_person(request) == []

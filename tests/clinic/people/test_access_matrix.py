"""Every address × role × relation × licence, over real HTTP, held against the spec tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from clinic.people import access, page
from clinic.people.models import CareTeamMember, Patient, StaffMember
from clinic.people.roles import DutyKind, Role
from tests.clinic import cast
from tests.clinic.people import probe

pytestmark = pytest.mark.django_db
PROBE = "tests.clinic.people.probe.LetIn"
EXPIRED, IN_FORCE = date(2021, 1, 1), date(2099, 1, 1)


@dataclass(frozen=True)
class Person:
    """Somebody signed in, with what the spec needs to know of them."""

    role: Role
    licensed: bool
    client: Client
    own: Patient | None


@pytest.fixture
def _probe(settings: LazySettings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, PROBE]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def patients() -> dict[str, Patient]:
    return {name: cast.patient("Pat", name.title()) for name in ("treating", "ended", "other")}


def person(role: Role, expires_on: date, patients: dict[str, Patient]) -> Person:
    """Somebody with a role, on one patient's team, once on another's, and a patient as well."""
    own = cast.patient("Own", f"{role.label} {expires_on.year}")
    member = cast.staff(role, f"{role} {expires_on.year}", expires_on=expires_on)
    own.user = member.user
    own.save()
    cast.treats(member, patients["treating"])
    CareTeamMember.objects.create(
        patient=patients["ended"], staff=member, starts_at=cast.LONG_AGO, ends_at=cast.NOON
    )
    needs = role in cast.LICENCE_OF
    return Person(role, expires_on == IN_FORCE or not needs, cast.signed_in(member), own)


def everybody(role: Role, patients: dict[str, Patient]) -> list[Person]:
    """Those of a role: with a licence in force and, where it needs one, with one that is over."""
    if role == Role.PATIENT:
        return [patient_alone()]
    licences = (IN_FORCE, EXPIRED) if role in cast.LICENCE_OF else (IN_FORCE,)
    return [person(role, expires_on, patients) for expires_on in licences]


def patient_alone() -> Person:
    own = cast.patient("Only", "Patient")
    own.user = cast.User.objects.create_user("pat@home.example", cast.PASSWORD, name="Only")
    own.save()
    client = Client()
    client.force_login(own.user)
    return Person(Role.PATIENT, True, client, own)


def expected(route: probe.SpecRoute, who: Person, relation: str) -> int:
    """The status that the spec tables ask for; 204 is the probe's “let in”."""
    powers = probe.spec_powers()
    if route.about == "closed":
        return 404
    if route.about in ("anyone", "link", "signed_in"):
        return 204
    if route.about == "own":
        return 204 if "own" in powers[route.capability, "patient"] and who.own else 404
    if relation == "own":
        return 204 if "own" in powers[route.capability, "patient"] else 404
    allowed = powers[route.capability, who.role] if who.licensed else set()
    if route.about == "clinic":
        return 204 if "clinic" in allowed else 403
    return 204 if relation in allowed and who.role != Role.PATIENT else 404


def differences(
    routes: list[probe.SpecRoute], people: list[Person], patients: dict[str, Patient]
) -> Iterator[str]:
    """Each answer that is not the spec's."""
    for route, who in product(routes, people):
        about = [*patients, "own"] if route.about == "patient" else [""]
        for relation in about:
            patient = who.own if relation == "own" else patients.get(relation)
            url = probe.address(route.name, **({"patient_id": patient.pk} if patient else {}))
            status, wanted = who.client.get(url).status_code, expected(route, who, relation)
            if status != wanted:
                licence = "licensed" if who.licensed else "unlicensed"
                yield f"{route.name}: {licence} {who.role}, {relation}: {status}, not {wanted}"


@pytest.mark.one_database
@pytest.mark.parametrize("role", Role)
@pytest.mark.usefixtures("_probe")
def test_every_address_answers_each_role_as_the_spec_says(
    role: Role, patients: dict[str, Patient]
) -> None:
    people = everybody(role, patients)
    assert list(differences(probe.spec_routes(), people, patients)) == []


@pytest.mark.usefixtures("_probe")
def test_without_signing_in_only_the_open_doors_open() -> None:
    wanted = {"anyone": 204, "link": 204, "closed": 404}
    for route in probe.spec_routes():
        page = Client().get(probe.address(route.name))
        assert page.status_code == wanted.get(route.about, 302), route.name
        if page.status_code == 302:
            assert page["Location"].startswith("/account/login/"), route.name


@pytest.mark.usefixtures("_probe")
def test_a_fresh_proof_is_asked_where_the_spec_says_and_nowhere_else() -> None:
    cache.clear()
    director, treated = cast.staff(Role.MEDICAL_DIRECTOR), cast.patient()
    client = cast.signed_in(cast.treats(director, treated))
    for route in probe.spec_routes():
        if route.about not in ("clinic", "patient", "signed_in"):
            continue
        page = client.post(probe.address(route.name, patient_id=treated.pk))
        assert ("X-Proof" in page) == route.fresh, route.name


def test_resolver_table_and_spec_name_the_same_addresses() -> None:
    resolver = set(probe.named_patterns())
    assert resolver == set(access.table().routes), "resolver and access.toml differ"
    spec = {(r.name, r.about, r.capability, r.fresh) for r in probe.spec_routes()}
    table = {(n, r.about, r.may, r.proof) for n, r in access.table().routes.items()}
    assert table == spec, "access.toml and tests/spec/routes.csv differ"


def test_table_and_spec_name_the_same_powers() -> None:
    table = {
        (capability, each.value): set(row.get(each, ()))
        for capability, row in access.table().grants.items()
        for each in (*Role, DutyKind.REGISTRANT)
    }
    assert table == probe.spec_powers()


def test_every_route_names_a_capability_where_it_needs_one() -> None:
    for name, route in access.table().routes.items():
        needs = route.about in ("clinic", "patient", "own")
        assert needs == bool(route.may), name
        assert not needs or route.may in access.table().grants, name


def test_roles_asleep_or_over_are_gone_with_the_next_request() -> None:
    """Hazard F23: a session outlives a demotion by no request at all."""
    now = timezone.now()
    nurse = cast.staff(Role.NURSE)
    client = cast.signed_in(nurse)
    assert client.get("/").status_code == 302
    assert client.get("/patients/").status_code == 200
    nurse.licences.update(revoked_at=now)
    assert client.get("/patients/").status_code == 403
    nurse.licences.update(revoked_at=None)
    assert client.get("/patients/").status_code == 200
    nurse.licences.update(expires_on=date(2021, 1, 1))
    assert client.get("/patients/").status_code == 403
    nurse.licences.update(expires_on=IN_FORCE)
    nurse.roles.update(ends_at=now)
    assert client.get("/patients/").status_code == 403
    nurse.roles.update(ends_at=None)
    StaffMember.objects.update(left_at=now)
    assert client.get("/patients/").status_code == 403
    StaffMember.objects.update(left_at=None)
    assert client.get("/patients/").status_code == 200
    nurse.user.is_active = False
    nurse.user.save()
    assert client.get("/patients/").status_code == 302


def test_forbidden_is_byte_for_byte_like_absent() -> None:
    nurse, person_ = cast.staff(Role.NURSE), cast.patient("Zebulon", "Quartz")
    client = cast.signed_in(nurse)
    forbidden = client.get(f"/patients/{person_.pk}/chart/")
    absent = client.get("/patients/00000000-0000-4000-8000-000000000000/chart/")
    nowhere = client.get("/no/such/address/")
    assert forbidden.status_code == absent.status_code == nowhere.status_code == 404
    assert forbidden.content == absent.content == nowhere.content
    assert set(forbidden.headers) == set(absent.headers)


def test_on_call_opens_the_chart_while_it_lasts() -> None:
    nurse, person_ = cast.staff(Role.NURSE), cast.patient()
    client, url = cast.signed_in(nurse), f"/patients/{person_.pk}/chart/"
    assert client.get(url).status_code == 404
    duty = cast.on_call(nurse)
    assert client.get(url).status_code == 200
    duty.ends_at = timezone.now()
    duty.save()
    assert client.get(url).status_code == 404


def test_the_registrant_alone_sees_what_is_for_the_registrant() -> None:
    """Names stand there of colleagues who did nothing wrong. A role never opens it."""
    manager = cast.staff(Role.MANAGER)
    client = cast.signed_in(manager)
    assert client.get("/register/signs/").status_code == 403
    duty = cast.appointed(manager, DutyKind.REGISTRANT)
    assert client.get("/register/signs/").status_code == 200
    assert client.get("/register/").status_code == 403
    duty.ends_at = timezone.now()
    duty.save()
    assert client.get("/register/signs/").status_code == 403


def test_nobody_opens_their_own_chart_as_staff() -> None:
    nurse, person_ = cast.staff(Role.NURSE), cast.patient()
    person_.user = nurse.user
    person_.save()
    cast.treats(nurse, person_)
    cast.on_call(nurse)
    assert cast.signed_in(nurse).get(f"/patients/{person_.pk}/chart/").status_code == 404


def test_the_page_of_powers_is_the_tables() -> None:
    written = (probe.SPEC.parents[1] / "docs/generated/access.md").read_text(encoding="utf-8")
    assert written == page.page(), "Run `make docs`."

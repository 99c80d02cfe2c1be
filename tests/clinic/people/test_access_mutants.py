"""Takes each grant and each check away in turn: some answer must change."""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from inspect import getsource
from types import ModuleType

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from clinic.people import access, gate
from clinic.people.models import CareTeamMember, Patient, StaffMember, User
from clinic.people.roles import DutyKind, Role
from tests.clinic import cast
from tests.clinic.people import probe
from tests.clinic.people.test_access_matrix import PROBE, patient_alone

pytestmark = pytest.mark.django_db
PAGES = ("/today/", "/patients/", "/staff/", "/me/", "/account/signup/", "/patients/{}/chart/")

# module, what stands there, what a slip could make of it
MUTANTS = [
    ("access", "staff.left_at is not None", "False"),
    ("access", "or not user.is_active", ""),
    ("standing", "AND revoked_at IS NULL ", ""),
    ("standing", "AND expires_on >= %s", "AND %s IS NOT NULL"),
    ("standing", "starts_at <= %s", "%s IS NOT NULL"),
    ("standing", "AND (ends_at IS NULL OR ends_at > %s)", "AND %s IS NOT NULL"),
    ("access", "if not needed[role] or needed[role] & holds.licences", ""),
    ("access", "if start <= who.at", ""),
    ("access", "end is None or end > who.at", "True"),
    ("access", "DutyKind.ON_CALL in who.duties or ", ""),
    ("access", "DutyKind.ON_CALL in who.duties", "who.duties"),
    ("access", "patient=patient_id, staff=staff_id", "staff=staff_id"),
    ("access", "{Relation.OWN} if who.patient_id == patient_id else set()", "set()"),
    ("access", "if Relation.OWN in relations:", "if False:"),
    ("access", "granted.get(each, frozenset()) & relations", "granted.get(each)"),
    ("gate", 'if route is None or route.about == "closed":', "if route is None:"),
    ("gate", "if not request.user.is_authenticated:", "if False:"),
    ("gate", 'if route.about != "signed_in" and (first := _first(request.actor)):', "if False:"),
    ("gate", "if who.user.start_password:", "if False:"),
    ("gate", "staff and not (settings.DEMO or is_mfa_enabled(who.user))", "False"),
    ("gate", "or not access.may(request.actor, capability, patient)", ""),
    ("gate", "and not access.may(request.actor, route.may)", "and False"),
    ("gate", 'if route.proof and request.method == "POST":', "if False:"),
]


@pytest.fixture(autouse=True)
def _probe(settings: LazySettings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, PROBE]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def patient() -> Patient:
    return cast.patient()


@pytest.fixture
def clients(patient: Patient) -> list[Client]:
    """One browser for each way in which a power can be over, asleep, lent or absent."""
    now = timezone.now()
    day = timedelta(days=1)
    cast.patient("Somebody", "Else")
    made = [cast.signed_in(member) for member in _staff(patient, now, day)]
    bare = cast.treats(cast.staff(Role.NURSE, "No factor"), patient)
    made.append(cast.signed_in(bare))
    Authenticator.objects.filter(user=bare.user).delete()
    return [*made, patient_alone().client, Client()]


def _staff(patient: Patient, now: object, day: timedelta) -> Iterator[StaffMember]:
    treating = [cast.treats(cast.staff(Role.NURSE, f"T {n}"), patient) for n in range(9)]
    left, inactive, revoked, expired, ended, ahead, start, fine, own = treating
    left.left_at = now
    left.save()
    revoked.licences.update(revoked_at=now)
    expired.licences.update(expires_on=date(2021, 1, 1))
    ended.roles.update(ends_at=now)
    ahead.roles.update(starts_at=now + day)
    User.objects.filter(pk=start.user_id).update(start_password=True)
    patient.user = own.user
    patient.save()
    inactive.user.refresh_from_db()
    yield from (left, revoked, expired, ended, ahead, start, fine, own)
    for name, starts, ends in (("once", cast.LONG_AGO, now), ("soon", now + day, None)):
        member = cast.staff(Role.NURSE, name)
        CareTeamMember.objects.create(patient=patient, staff=member, starts_at=starts, ends_at=ends)
        yield member
    elsewhere = cast.staff(Role.NURSE, "elsewhere")
    yield cast.treats(elsewhere, Patient.objects.get(family_name="Else"))
    for name, kind in (("called", "on_call"), ("reviews", "reviewer")):
        member = cast.staff(Role.NURSE, name)
        cast.Duty.objects.create(staff=member, kind=kind, starts_at=cast.LONG_AGO)
        yield member
    yield cast.staff(Role.MANAGER, "manager")


def _answers(clients: list[Client], patient: Patient) -> Iterator[object]:
    for client in clients:
        for url in PAGES:
            try:
                answer = client.get(url.format(patient.pk))
                yield (answer.status_code, answer.get("Location"))
            except (AttributeError, TypeError, ValueError) as broken:
                yield type(broken)
        yield "X-Proof" in client.post("/account/pin/")
    inactive = User.objects.create_user("in@active.example", "x", name="I", is_active=False)
    StaffMember.objects.create(user=inactive)
    person = Patient.objects.get(family_name="Else")
    person.user = inactive
    yield access.actor(inactive, timezone.now()).roles
    person.save()
    yield access.actor(User.objects.get(pk=inactive.pk), timezone.now()).roles


def _answered_otherwise(sound: list[object], clients: list[Client], patient: Patient) -> bool:
    """Whether some answer is not the sound one; what was asked leaves no trace."""
    for client in clients:
        client.handler._middleware_chain = None  # built anew, around a mutant if there is one
    with transaction.atomic():
        found = any(
            now != then for now, then in zip(_answers(clients, patient), sound, strict=True)
        )
        transaction.set_rollback(True)
    return found


def _mutated(module: ModuleType, old: str, new: str) -> ModuleType:
    source = getsource(module)
    assert old in source, f"{module.__name__} no longer says {old!r}: mend this list."
    made = ModuleType(module.__name__)
    made.__package__ = module.__package__
    vars(made)["__file__"] = module.__file__
    before = sys.modules[module.__name__]
    sys.modules[module.__name__] = made
    try:
        exec(compile(source.replace(old, new), module.__name__, "exec"), vars(made))  # noqa: S102
    finally:
        sys.modules[module.__name__] = before
    return made


def _put(name: str, old: str, new: str, patched: pytest.MonkeyPatch) -> None:
    """Let the mutant stand where the sound code stood."""
    module = import_module(f"clinic.people.{name}")
    mutant = _mutated(module, old, new)
    replaced = {
        "access": (module, ("actor", "_relation", "_by_table", "_beside", "may")),
        "standing": (access, ("standing",)),
        "gate": (module, ("_patient",)),
    }
    place, names = replaced[name]
    for each in names:
        patched.setattr(place, each, getattr(mutant, each))
    if name == "gate":
        made = mutant.GateMiddleware.process_view
        patched.setattr(gate.GateMiddleware, "process_view", made)


@pytest.mark.one_database
def test_without_any_one_check_somebody_is_answered_otherwise(
    clients: list[Client], patient: Patient
) -> None:
    with transaction.atomic():
        sound = list(_answers(clients, patient))
        transaction.set_rollback(True)
    unnoticed = []
    for name, old, new in MUTANTS:
        with pytest.MonkeyPatch.context() as patched:
            _put(name, old, new, patched)
            if not _answered_otherwise(sound, clients, patient):
                unnoticed.append(f"{name}: {old!r} made {new!r}")
    assert unnoticed == []
    assert not _answered_otherwise(sound, clients, patient), "A mutant was not what changed them."


@pytest.mark.one_database
def test_without_any_one_grant_the_answer_is_no(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the table's grants is needed by the spec, and is what opens an address."""
    route_for = {r.capability: r for r in probe.spec_routes() if r.about in ("clinic", "patient")}
    staffed = [role for role in Role if role != Role.PATIENT]
    clients = {each: _everywhere(each) for each in (*staffed, DutyKind.REGISTRANT)}
    for capability, row in access.table().grants.items():
        for role, relations in row.items():
            if capability not in route_for or role == Role.PATIENT:
                continue
            url = probe.address(route_for[capability].name, patient_id=patient.pk)
            member, client = clients[role]
            for one in relations:
                _stand(member, patient, one)
                assert client.get(url).status_code == 204, (capability, role, one)
                monkeypatch.setitem(row, role, relations - {one})
                assert client.get(url).status_code in (403, 404), (capability, role, one)
                monkeypatch.setitem(row, role, relations)


def _everywhere(held: Role | DutyKind) -> tuple[StaffMember, Client]:
    member = cast.staff(held if isinstance(held, Role) else Role.RESEARCHER)
    if isinstance(held, DutyKind):
        cast.appointed(member, held)
    return member, cast.signed_in(member)


def _stand(member: StaffMember, patient: Patient, relation: str) -> None:
    CareTeamMember.objects.filter(staff=member).delete()
    if relation in ("treating", "ended"):
        CareTeamMember.objects.create(
            patient=patient,
            staff=member,
            starts_at=cast.LONG_AGO,
            ends_at=cast.NOON if relation == "ended" else None,
        )

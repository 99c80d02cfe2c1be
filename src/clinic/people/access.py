"""May this person do this to that? One table (`access.toml`) answers; silence means no."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal, cast
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.people import beside
from clinic.people.beside import Seat
from clinic.people.models import CareTeamMember, Patient, User
from clinic.people.roles import DutyKind, Relation, Role
from clinic.people.standing import in_force, standing
from clinic.people.worded import worded_once

Period = tuple[datetime, datetime | None]
About = Literal["anyone", "signed_in", "clinic", "patient", "own", "link", "closed"]


@dataclass(frozen=True, slots=True)
class Route:
    """What one URL is about, the capability it needs, and whether it asks for a fresh proof.

    quiet: pages ask for it by themselves, so it is no sign that somebody is there. beside: it
    stays open while the screen is locked.
    """

    about: About
    may: str = ""
    proof: bool = False
    quiet: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class AccessTable:
    """The table as read. `grants`: capability → role or duty → relations (or "clinic").

    `acts` and `reads`: the capabilities that somebody keeps beside a chair.
    """

    version: str
    licences: dict[Role, frozenset[str]]
    grants: dict[str, dict[Role | DutyKind, frozenset[str]]]
    meanings: dict[str, str]
    routes: dict[str, Route]
    acts: frozenset[str]
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in, at one moment. `roles` are those whose licence is in force.

    `relations` is how they stand to each patient at that moment, once it was asked. `session_id`
    names the dosing session that is asked about, and `seats` what they keep beside its chair.
    """

    user: User
    staff_id: int | None
    patient_id: object | None
    roles: frozenset[Role]
    duties: frozenset[DutyKind]
    at: datetime
    session_id: UUID | None = None
    relations: dict[UUID, frozenset[Relation]] = field(default_factory=dict, compare=False)
    seats: dict[UUID, Seat | None] = field(default_factory=dict, compare=False)


@cache
def table() -> AccessTable:
    """The access table of this release."""
    raw = tomllib.loads(files(__package__).joinpath("access.toml").read_text(encoding="utf-8"))
    grants, meanings = {}, {}
    for capability, row in raw["may"].items():
        meanings[capability] = row.pop("meaning")
        grants[capability] = {_holder(name): frozenset(rel) for name, rel in row.items()}
    return AccessTable(
        version=raw["version"],
        licences={Role(role): frozenset(kinds) for role, kinds in raw["licences"].items()},
        grants=grants,
        meanings=meanings,
        routes={name: Route(**row) for name, row in raw["routes"].items()},
        acts=frozenset(raw["beside"]["acts"]),
        reads=frozenset(raw["beside"]["reads"]),
    )


def _holder(name: str) -> Role | DutyKind:
    return Role(name) if name in Role.values else DutyKind(name)


def actor(user: User, at: datetime, session_id: UUID | None = None) -> Actor:
    """Who this is at this moment: roles with a licence in force, and duties."""
    staff = getattr(user, "staff", None)
    patient = getattr(user, "patient", None)
    if staff is None or staff.left_at is not None or not user.is_active:
        own = frozenset({Role.PATIENT}) if patient is not None and user.is_active else frozenset()
        return Actor(user, None, patient.pk if patient else None, own, frozenset(), at)
    holds, needed = standing(staff.pk, at), table().licences
    held = (Role(role) for role in holds.roles)
    roles = {role for role in held if not needed[role] or needed[role] & holds.licences}
    return Actor(
        user,
        staff.pk,
        patient.pk if patient else None,
        frozenset(roles | ({Role.PATIENT} if patient else set())),
        frozenset(DutyKind(duty) for duty in holds.duties),
        at,
        session_id,
    )


def relation(who: Actor, patient: Patient) -> frozenset[Relation]:
    """How somebody stands to a patient. Being on call is treating, for as long as it lasts."""
    if patient.pk not in who.relations:
        periods = _periods(patient.pk, who.staff_id) if who.staff_id else ()
        who.relations[patient.pk] = _relation(who, patient.pk, periods)
    return who.relations[patient.pk]


def relate(actors: Collection[Actor], patient_ids: Collection[UUID]) -> None:
    """The same of many to many in one query: from now on each of them knows."""
    rows = CareTeamMember.objects.filter(
        staff__in={who.staff_id for who in actors if who.staff_id}, patient__in=patient_ids
    )
    held: dict[tuple[int | None, UUID], list[Period]] = defaultdict(list)
    for staff_id, patient_id, start, end in rows.values_list(
        "staff_id", "patient_id", "starts_at", "ends_at"
    ):
        held[staff_id, patient_id].append((start, end))
    for who in actors:
        for patient_id in patient_ids:
            who.relations[patient_id] = _relation(who, patient_id, held[who.staff_id, patient_id])


def _relation(who: Actor, patient_id: UUID, periods: Iterable[Period]) -> frozenset[Relation]:
    found = {Relation.OWN} if who.patient_id == patient_id else set()
    if who.staff_id is None:
        return frozenset(found)
    ends = [end for start, end in periods if start <= who.at]
    if DutyKind.ON_CALL in who.duties or any(end is None or end > who.at for end in ends):
        found.add(Relation.TREATING)
    elif ends:
        found.add(Relation.ENDED)
    elif Relation.OWN not in found:
        found.add(Relation.OTHER)
    return frozenset(found)


@worded_once
def _periods(patient_id: UUID, staff_id: int) -> "QuerySet[CareTeamMember, Period]":
    mine = CareTeamMember.objects.filter(patient=patient_id, staff=staff_id)
    return mine.values_list("starts_at", "ends_at")


def reach(who: Actor, capability: str) -> QuerySet[Patient]:
    """Everybody for whom `may` says yes, in one query, for lists."""
    granted = table().grants[capability]
    held = {
        Relation(each) for role in who.roles for each in granted.get(role, ()) if each != "clinic"
    }
    mine = CareTeamMember.objects.filter(staff_id=who.staff_id, starts_at__lte=who.at)
    now = mine.filter(in_force(who.at)).values("patient")
    treating = Q(pk__isnull=False) if DutyKind.ON_CALL in who.duties else Q(pk__in=now)
    reached = {
        Relation.TREATING: treating,
        Relation.ENDED: ~treating & Q(pk__in=mine.values("patient")),
        Relation.OTHER: ~treating & ~Q(pk__in=mine.values("patient")),
    }
    found = Q(pk__in=[])
    for each in held - {Relation.OWN}:
        found |= reached[each]
    return Patient.objects.filter(found).exclude(user=who.user)


def may(who: Actor, capability: str, patient: Patient | None = None) -> bool:
    """Whether the table lets them, or what they keep beside the chair they are asked about."""
    return _by_table(who, capability, patient) or (
        patient is not None and _beside(who, capability, patient)
    )


def _by_table(who: Actor, capability: str, patient: Patient | None) -> bool:
    """Nobody acts as staff upon their own record."""
    granted = table().grants[capability]
    relations = relation(who, patient) if patient else frozenset({cast(Relation, "clinic")})
    if Relation.OWN in relations:
        return "own" in granted.get(Role.PATIENT, ()) and Role.PATIENT in who.roles
    held: tuple[Role | DutyKind, ...] = (*who.roles, *who.duties)
    return any(granted.get(each, frozenset()) & relations for each in held)


def _beside(who: Actor, capability: str, patient: Patient) -> bool:
    if capability not in table().acts | table().reads:
        return False
    held = _seat(who, patient)
    if held is None or Relation.OWN in relation(who, patient):
        return False
    if capability in table().reads:
        roles = held.roles
    else:
        roles = acting(held) if held.may_act(who.at) else frozenset()
    return any(Relation.TREATING in table().grants[capability].get(role, ()) for role in roles)


def _seat(who: Actor, patient: Patient) -> Seat | None:
    if who.staff_id is None or who.session_id is None:
        return None
    if patient.pk not in who.seats:
        who.seats[patient.pk] = beside.seat(who.staff_id, patient, who.session_id, who.at)
    return who.seats[patient.pk]


def acting(held: Seat) -> frozenset[Role]:
    """The roles somebody still acts in beside the chair: none whose licence was revoked since."""
    return frozenset(role for role in held.roles if not table().licences[role] & held.revoked)


def only_beside(who: Actor, patient: Patient) -> Seat | None:
    """What somebody keeps beside the chair, if the table alone would take any of it away."""
    kept = sorted(table().acts | table().reads)
    lost = [each for each in kept if not _by_table(who, each, patient)]
    held = _seat(who, patient) if lost else None
    if held is None or Relation.OWN in relation(who, patient):
        return None
    grants = table().grants
    granted = any(Relation.TREATING in grants[each].get(r, ()) for each in lost for r in held.roles)
    return held if granted else None

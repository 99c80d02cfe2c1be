"""From the referral to a prescriber's decision, as the rooms take it in."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from clinic.episodes import queries as episodes
from clinic.intake import actions, deciding, entries, screening
from clinic.intake.actions import How
from clinic.intake.ceilings import Ceiling
from clinic.intake.deciding import OverrideTerms
from clinic.intake.models import DrugTrial, MedicineEntry, Source
from clinic.interop import actions as referrals
from clinic.interop.models import Referral
from clinic.people import actions as people
from clinic.people.roles import Role
from clinic.planning import actions as planning
from clinic.site.seeds.person import Person
from clinic.site.seeds.staff import member
from kapstone import pathway
from kapstone.dose import Product
from kapstone.eligibility.keys import REQUIREMENTS
from kapstone.findings import Severity
from kapstone.synth import monitor

FIRST_SECTION: dict[str, object] = {
    "capacity": True,
    "first_exposure": True,
    "lifetime_doses": 0,
    "planned_doses": 6,
    "indication_id": "IND-01",
}
# Every condition that must be known, answered no.
_ABSENT: dict[str, object] = {
    each.key: False
    for each in REQUIREMENTS
    if each.when is None and each.key.startswith(("dx.", "fhx."))
}
THE_REST: dict[str, object] = {
    **_ABSENT,
    "asa_class": 2,
    "airway_difficult": False,
    "stopbang": 2,
    "uds_unexplained": [],
    "pdmp_days_ago": 0,
    "pdmp_overlap": False,
    **{f"cssrs.{item}": False for item in ("q1", "q2", "q6")},
}
MEDICINES = (("sertraline", 100), ("escitalopram", 15), ("venlafaxine", 150), ("fluoxetine", 40))
FERTILE_UNTIL_Y = 50
QTC_MS, MOCA, MOCA_FROM_Y = 418, 27, 60
# What the rules are asked about, by product, and the highest dose that is cleared upon it.
ASKED: Mapping[Product, dict[str, object]] = {
    Product.RACEMIC: {"product": "RACEMIC", "dose_mg_per_kg": 1},
    Product.ESKETAMINE: {
        "product": "ESKETAMINE",
        "dose_mg": 84,
        "clinic_rems_certified": True,
        "patient_rems_enrolled": True,
    },
}
CEILINGS = {
    Product.RACEMIC: Ceiling(dose_mg_per_kg=Decimal("1.0")),
    Product.ESKETAMINE: Ceiling(dose_mg=Decimal(84)),
}
OVERRIDES_HOLD = timedelta(days=60)

# What somebody's history holds that nobody else's does: an answer, or a pressure at rest.
FOUND: Mapping[int, Mapping[str, object]] = {
    18: {"dx.aneurysm.history": None},  # "something was clipped once": a letter was asked for
    25: {"dx.aneurysm.current": True},
}
UNREADABLE = "citalapran"  # is it citalopram or escitalopram?
PRESSURE_MMHG: Mapping[int, tuple[int, int]] = {15: (148, 92)}


def refer(person: Person, at: datetime) -> None:
    """Registered at the front desk, put on the team, and an episode begins."""
    front, manager = member(Role.FRONT_DESK).user, member(Role.MANAGER).user
    people.register_patient(patient=person.patient, by=front, at=at)
    for staff in person.team.everybody:
        people.join_team(patient=person.patient, staff=staff, by=manager, at=at)
    said = "Depression for years; two medicines and more, without lasting relief."
    referral = Referral(patient=person.patient, referrer="Dr Invented, Main Street", why=said)
    referrals.take_in_typed(referral=referral, by=front, at=at)


def begin(person: Person, at: datetime) -> None:
    """The first section of the form, and no more yet."""
    asked = FIRST_SECTION | {"route": person.route} | ASKED[person.product]
    _tell(person, asked, Source.ASKED, at)


def strange_name(person: Person, at: datetime) -> None:
    """A medicine as somebody wrote it down: it waits for the pharmacist."""
    how = How(at, Source.ASKED)
    told = MedicineEntry(patient=person.patient, name=f"{UNREADABLE} 20 mg at night")
    entries.add(told, how=how, by=person.team.nurse.user, at=at)


def take(person: Person, at: datetime) -> None:
    """The whole history in one visit."""
    nurse, found = person.team.nurse.user, FOUND.get(person.number, {})
    begin(person, at)
    who = person.drawn.who
    told = THE_REST | fertility(who.sex, who.birth_date, person.as_of) | dict(found)
    _tell(person, told, Source.ASKED, at)
    actions.finish_screener(patient=person.patient, by=nurse, at=at)
    _tell(person, _measured(person), Source.MEASURED, at)
    _lists(person, at)
    actions.record_pressures(
        patient=person.patient,
        readings=_pressures(person, at),
        source=Source.MEASURED,
        by=nurse,
        at=at,
    )


def _measured(person: Person) -> dict[str, object]:
    """Weight, height, the signs at rest, an ECG for everybody, a MoCA from 60."""
    seen = monitor.signs(person.course("IV"), -2)
    found: dict[str, object] = {
        "weight_kg": float(person.weight_kg),
        "height_cm": float(person.drawn.who.height_cm),
        "hr": seen.heart_rate_bpm,
        "rr": seen.respiratory_rate_per_min,
        "spo2": seen.spo2_pct,
        "ecg_qtc_ms": QTC_MS,
    }
    elder = (person.as_of - person.drawn.who.birth_date).days >= MOCA_FROM_Y * 365
    return found | ({"moca": MOCA} if elder else {})


def fertility(sex: str, birth_date: date, day: date) -> dict[str, object]:
    """Whether a pregnancy is possible, with the test of the day where it is."""
    possible = sex == "female" and (day - birth_date).days < FERTILE_UNTIL_Y * 365
    if not possible:
        return {"childbearing_potential": False}
    return {"childbearing_potential": True, "pregnant": False, "hcg_result": "negative"} | {
        "lactating": False
    }


def _tell(person: Person, answers: Mapping[str, object], source: Source, at: datetime) -> None:
    actions.record_facts(
        patient=person.patient,
        answers=answers,
        how=How(at, source),
        by=person.team.nurse.user,
        at=at,
    )


def _lists(person: Person, at: datetime) -> None:
    nurse, how = person.team.nurse.user, How(at, Source.ASKED)
    name, daily_mg = MEDICINES[person.number % len(MEDICINES)]
    taken = MedicineEntry(patient=person.patient, name=name, daily_dose_mg=Decimal(daily_mg))
    entries.add(taken, how=how, by=nurse, at=at)
    for number in (1, 2):
        drug = MEDICINES[(person.number + number) % len(MEDICINES)][0]
        tried = DrugTrial(
            patient=person.patient, drug=drug, adequate_dose_weeks=Decimal(8), response_pct=20,
            stopped_because="Little help.", adequate=True,
        )  # fmt: skip
        entries.add(tried, how=how, by=nurse, at=at)
    for key in ("medications", "allergies"):
        entries.confirm_whole(patient=person.patient, key=key, how=how, by=nurse, at=at)


def _pressures(person: Person, at: datetime) -> list[tuple[datetime, Decimal, Decimal]]:
    read = []
    for minutes_ago in (12, 2):
        seen = monitor.signs(person.course("IV"), -minutes_ago)
        pair = PRESSURE_MMHG.get(person.number, (seen.systolic_mmhg, seen.diastolic_mmhg))
        when = at - timedelta(minutes=minutes_ago)
        read.append((when, Decimal(pair[0]), Decimal(pair[1])))
    return read


def clear(person: Person, at: datetime, ceiling: Ceiling | None = None) -> None:
    """A prescriber goes on in spite of what may be overridden, and clears."""
    by = person.team.prescriber.user
    for finding in screening.run(person.patient, at).screening.findings:
        if finding.severity is Severity.RELATIVE:
            terms = OverrideTerms(
                rationale="Talked through with the person; the benefit is judged to be larger.",
                mitigation="Measured twice before each dose; held above 160/100.",
                expires_at=at + OVERRIDES_HOLD,
            )
            deciding.override(patient=person.patient, rule=finding.code, terms=terms, by=by, at=at)
    ceiling = ceiling or CEILINGS[person.product]
    deciding.clear(patient=person.patient, ceiling=ceiling, note="", by=by, at=at)


def clear_again(person: Person, route: str, at: datetime) -> None:
    """The person asks for another route: cleared anew for that."""
    _tell(person, {"route": route}, Source.ASKED, at)
    clear(person, at)


def clear_for_more(person: Person, at: datetime) -> None:
    """The usual doses helped little: cleared anew, for a higher one."""
    most_mg_per_kg = Decimal("1.2")
    _tell(person, {"dose_mg_per_kg": float(most_mg_per_kg)}, Source.ASKED, at)
    clear(person, at, Ceiling(dose_mg_per_kg=most_mg_per_kg))


ENDS = {
    pathway.Episode.NOT_ELIGIBLE: "An aneurysm that is not treated: no dose here.",
    pathway.Episode.DECLINED: "Would rather not, after reading the leaflet.",
    pathway.Episode.REFERRED_ON: "Needs a day clinic near home first.",
    pathway.Episode.WITHDRAWN: "Two sessions were enough for them.",
    pathway.Episode.LOST: "Seven calls and two letters without an answer.",
    pathway.Episode.DIED: "A road accident, told by the family. Unrelated, as far as is known.",
}


def end(person: Person, at: datetime) -> None:
    """The episode ends as it was drawn."""
    stage, episode = person.drawn.stage, episodes.open_episode(person.patient)
    if episode is not None:
        planning.move_care(
            episode=episode,
            to=stage,
            words=ENDS[stage],
            judges=True,
            by=person.team.prescriber.user,
            at=at,
        )

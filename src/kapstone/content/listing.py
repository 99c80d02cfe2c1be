"""The rows of every room of the core, in the order in which a clinic reads them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Protocol

from kapstone import adverse, instruments, ledger, notes, pathway, schedule, series
from kapstone.content import at_chair
from kapstone.content.row import ContentRow, Marked, given, made, row
from kapstone.dose import rows as dose
from kapstone.dose.treatment import treatment
from kapstone.eligibility import medicines
from kapstone.eligibility import rules as eligibility
from kapstone.fhir import codemap
from kapstone.instruments.definition import Figure, Instrument
from kapstone.instruments.rules import Sum
from kapstone.outcome.relapse import CONTENT as RELAPSE
from kapstone.outcome.worsening import CONTENT as WORSENING
from kapstone.risk import clocks, contacts, levels
from kapstone.risk.plan import SAFETY_PLAN

ROOMS: Mapping[str, str] = {
    "eligibility": "Screening rules and interactions",
    "medicines": "Medicines: classes, names, lorazepam equivalents",
    "treatment": "Indications and dose models",
    "dose": "Dose limits and rules",
    "monitoring": "Alarms, readings due and discharge",
    "schedule": "What is made ready before a dose and asked after it, and when",
    "series": "Series: spacing, weighing benefit, holding",
    "adverse": "Adverse events: grades, seriousness, what is due to whom, the monitoring form",
    "notes": "Private notes: what belongs in the chart",
    "alerts": "Alert levels and clocks",
    "instruments": "Questionnaires: scoring, alerts and change",
    "outcome": "Worsening and relapse",
    "pathway": "Steps of care",
    "code_map": "Codes of a referral",
    "ledger": "Drug register: signs that drug may be going astray",
}


def references(room: str) -> Mapping[str, str]:
    """What the keys of a room's sources stand for; each table words its own."""
    held = {
        "eligibility": eligibility.SOURCES,
        "medicines": eligibility.SOURCES,
        "dose": dose.content().sources,
        "treatment": treatment().sources,
        "schedule": {**schedule.content().sources, **schedule.readying().sources},
        "series": series.content().sources,
        "adverse": adverse.content().sources,
        "notes": notes.content().sources,
    }
    return held.get(room, {})


class Titled(Marked, Protocol):
    """A row that names itself."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...


@cache
def rows() -> tuple[ContentRow, ...]:
    """Every row of this release."""
    found = (
        *_eligibility(),
        *_medicines(),
        *_treatment(),
        *_dose(),
        *at_chair.rows(),
        *_schedule(),
        *_series(),
        *_adverse(),
        *(row("notes", each.id, each.title, each) for each in notes.content().rows),
        *_alerts(),
        *_instruments(),
        *_outcome(),
        *_pathway(),
        *_code_map(),
        *(row("ledger", f"GRD-06.{each.id}", each.title, each) for each in ledger.SIGNS),
    )
    return tuple(found)


def rule_row(rule: eligibility.Rule) -> ContentRow:
    """One band of a screening rule as content."""
    named = f"{rule.id}.{rule.band}" if rule.band else rule.id
    return row("eligibility", named, rule.title, rule, leave=("holds",))


def _eligibility() -> Iterator[ContentRow]:
    yield from map(rule_row, eligibility.RULES)
    several, unknown = eligibility.SEVERAL, eligibility.UNKNOWN_MEDICINE_RULE
    yield row("eligibility", several.id, "Several serious findings", several)
    yield row("eligibility", unknown.id, "A medicine that no table knows", unknown)


def _medicines() -> Iterator[ContentRow]:
    """Our classes, readings of names and mixtures; then the names of the source as one row."""
    for named, words, held in medicines.in_our_words():
        yield made("medicines", named, words, held, medicines.SOURCE, medicines.MARK)
    source, mark = medicines.NAMES_SOURCE, medicines.NAMES_MARK
    held = medicines.names_of_the_source()
    yield made("medicines", "names", "Names and brands from an open source", held, source, mark)
    for name, each in medicines.LORAZEPAM_EQUIVALENTS.items():
        yield row("medicines", name, "How much equals 1 mg of lorazepam", each)


def _treatment() -> Iterator[ContentRow]:
    held = treatment()
    for each in held.indications.values():
        yield row("treatment", each.id, each.name, each)
    for model in held.dose_models.values():
        yield row("treatment", model.id, model.name, model)


def _dose() -> Iterator[ContentRow]:
    held = dose.content()
    for each in held.ranges:
        way = " ".join((each.product.capitalize(), each.route, *each.indications))
        yield row("dose", each.id, way, each)
    for rule in held.rules.values():
        yield row("dose", rule.id, rule.title, rule)
    for outside in held.outside:
        way = f"Outside: {outside.product.capitalize()} {outside.route} {outside.indication_id}"
        yield row("dose", outside.id, way, outside)


def _schedule() -> Iterator[ContentRow]:
    for each in schedule.content().rows:
        yield row("schedule", each.id, each.title, each)
    for line in schedule.readying().lines:
        yield row("schedule", line.id, line.title, line)


def _series() -> Iterator[ContentRow]:
    held = series.content()
    yield row("series", held.frequency.id, held.frequency.title, held.frequency)
    for remark in held.remarks:
        yield row("series", remark.id, remark.title, remark)
    banded: tuple[series.Banded, ...] = (*held.spacing, *held.evaluations, *held.holds, *held.taper)
    for each in banded:
        named = f"{each.id}.{each.band}" if each.band else each.id
        yield row("series", named, each.title, each)


def _adverse() -> Iterator[ContentRow]:
    held, form = adverse.content(), adverse.form()
    single = (held.scale, held.association, held.terms, form.row)
    named: tuple[Titled, ...] = (*single, *held.grades, *held.pressures, *held.due)
    for each in named:
        yield row("adverse", each.id, each.title, each)
    for name, choices in held.choices.items():
        for choice in choices.values():
            yield row("adverse", f"{name}.{choice.id}", choice.title, choice)
    for field in form.fields:
        yield row("adverse", f"form.{field.id}", f"{form.row.title}: {field.title}", field)


def _alerts() -> Iterator[ContentRow]:
    source, mark = levels.SOURCE, levels.MARK
    for trigger, level in levels.LEVELS.items():
        yield made("alerts", trigger, f"Level of: {trigger}", {"level": level}, source, mark)
    asked = {str(tier): str(ask) for tier, ask in SAFETY_PLAN.items()}
    yield made("alerts", "safety-plan", "Safety plan, by suicide tier", asked, source, mark)
    for tier, hours in contacts.CONTACT_HOURS.items():
        held = {"hours": hours or "none", "version": contacts.CONTACTS_VERSION}
        words = f"Contacts after a suicide tier: {tier}"
        yield made("alerts", f"contacts.{tier}", words, held, source, mark)
    for level, clock in clocks.CLOCKS.items():
        words = f"Clocks of an alert: {level}"
        yield made("alerts", f"clock.{level}", words, given(clock), source, mark)


def _instruments() -> Iterator[ContentRow]:
    for name in instruments.ids():
        held = instruments.load(name)
        stem = f"{held.id}.{held.version}"
        sources = tuple(f"{each.title} {each.url}".strip() for each in held.sources)
        asked = {key: value for key, value in given(held).items() if key not in _OWN_ROWS}
        yield made("instruments", stem, held.name, asked, sources, _mark(held))
        for alert in held.alerts:
            words = f"{held.name}: alert"
            yield made(
                "instruments", f"{stem}.alert.{alert.id}", words, given(alert), sources, alert.mark
            )
        for kind, figure in _figures(held):
            words = f"{held.name}: {kind.replace('_', ' ')}"
            basis = (figure.basis,)
            yield made("instruments", f"{stem}.{kind}", words, given(figure), basis, figure.mark)


_OWN_ROWS = ("licence", "change", "alerts", "sources", "version")


def _mark(held: Instrument) -> str:
    """G while anything of how it is asked and scored stands from memory."""
    marks = {"G" if held.verification.from_memory else "S"}
    for score in held.scores:
        if isinstance(score.rule, Sum) and score.rule.missing.mark:
            marks.add(score.rule.missing.mark)
    return "/".join(sorted(marks))


def _figures(held: Instrument) -> Iterator[tuple[str, Figure]]:
    """The thresholds of change that somebody gives, by the name of their field."""
    for name, value in given(held.change).items():
        listed = value if isinstance(value, tuple) else (value,)
        for number, figure in enumerate(listed, 1):
            if isinstance(figure, Figure):
                yield (f"{name}.{number}" if len(listed) > 1 else name), figure


def _outcome() -> Iterator[ContentRow]:
    yield made("outcome", "DEF-05", "Worse twice, so far apart", *WORSENING)
    yield made("outcome", "DEF-07", "Relapse after response", *RELAPSE)


def _pathway() -> Iterator[ContentRow]:
    for ladder, steps in pathway.LADDERS.items():
        for stage, following in steps.items():
            held = {
                str(to): ", ".join(sorted(needs)) or "nothing" for to, needs in following.items()
            }
            words = f"{ladder.__name__}: from {stage}"
            yield made(
                "pathway",
                f"{ladder.__name__}.{stage.name}",
                words,
                {"to": held} if held else {"end": True},
                pathway.SOURCE,
                pathway.MARK,
            )


def _code_map() -> Iterator[ContentRow]:
    for each in codemap.rows():
        named = f"{each.system}.{each.code}.{each.fact}"
        held = given(each)
        yield made("code_map", named, each.display, held, (each.source,), each.mark)

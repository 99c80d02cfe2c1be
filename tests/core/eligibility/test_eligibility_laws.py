"""Laws of a screening, whatever the facts."""

import json
import operator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapstone.eligibility import RULES, Screening, State, read_facts, screen
from kapstone.eligibility.keys import KEYS, REQUIREMENTS, Kind

SPEC = json.loads(
    (Path(__file__).parents[2] / "spec" / "eligibility_rules.json").read_text(encoding="utf-8")
)
WELL = SPEC["well"]
# These say NOT fired(...), or count other rules' findings: a worse finding takes their place.
GIVE_WAY = {"SCR-006", "SCR-007", "SCR-061", "SCR-R2"}
# These count an answer that nobody gave as the worse one.
PRESUMED = {("DDI-10", "swallowed"), ("DDI-13", "swallowed")}

NAMES = ["lithium", "Xanax", "phenelzine", "selegiline", "theophylline", "clarithromycin"]
NAMES += ["alcohol", "cannabis", "Ozempic", "sertraline", "Wellbutrin", "Tylenol", "xyzzy"]
MEDICINE = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES)},
    optional={
        "daily_dose_mg": st.integers(0, 20),
        "last_taken_h": st.integers(0, 48),
        "planned": st.booleans(),
    },
)
PAIR = st.lists(st.integers(70, 230), min_size=2, max_size=2)
OWN = {
    "sbp": PAIR,
    "dbp": st.lists(st.integers(40, 130), min_size=2, max_size=2),
    "medications": st.lists(MEDICINE, max_size=3),
    "allergies": st.lists(st.sampled_from(["ketamine", "citric acid", "nuts"]), max_size=2),
    "excipients": st.lists(st.sampled_from(["nuts", "citric acid"]), max_size=2),
    "age_y": st.integers(16, 27),
    "ymrs": st.integers(9, 14),
    "breath_alcohol": st.sampled_from([0, 0.01, 0.2]),
    "hours_since_solids": st.integers(0, 26),
    "hours_since_clear_fluids": st.sampled_from([0.2, 0.5, 1, 2, 3]),
    "weight_today_kg": st.just(70),
    "dose_mg_per_kg": st.sampled_from([0.3, 0.5, 0.51, 1.2]),
    "sleep_hours": st.integers(0, 12),
}


def answers(name: str) -> st.SearchStrategy[object]:
    if name in OWN:
        return OWN[name]
    key = KEYS[name]
    match key.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.CHOICE | Kind.NUMBER_OR_WORD:
            return st.sampled_from(key.words)
        case Kind.CHOICES:
            return st.lists(st.sampled_from(key.words), max_size=2)
        case Kind.TEXTS | Kind.TEXT:
            return st.lists(st.just("something"), max_size=1)
        case Kind.READINGS:
            return st.lists(st.integers(4, 8), min_size=1, max_size=3)
        case _:
            return st.integers(int(key.minimum or 0), int(key.maximum or 0))


# Text is for people; the two doses would have to agree.
ASKED = sorted(
    name for name, key in KEYS.items() if key.kind is not Kind.TEXT and name != "dose_mg"
)
READ = sorted({key for row in RULES for key in row.inputs} & set(ASKED))


def some(names: list[str]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({name: answers(name) for name in names})


SOME = st.lists(st.sampled_from(READ), unique=True, max_size=20).flatmap(some)
DOCUMENTS = st.builds(operator.or_, st.sampled_from([{}, WELL]), SOME)


def severities(screening: Screening) -> dict[str, int]:
    return {finding.code: finding.severity.rank for finding in screening.findings}


@pytest.mark.hazard(12)
@settings(deadline=None)  # the machine may be busy
@given(DOCUMENTS, st.sampled_from(READ), st.data())
def test_one_more_answer_never_takes_a_finding_away(
    document: dict[str, object], name: str, data: st.DataObject
) -> None:
    document = {key: value for key, value in document.items() if key != name}
    before = severities(screen(read_facts(document)))
    after = severities(screen(read_facts(document | {name: data.draw(answers(name))})))
    for rule, rank in before.items():
        if (rule, name) in PRESUMED:
            continue
        if rule not in GIVE_WAY:
            assert after.get(rule, 9) <= rank, rule
        elif rule != "SCR-R2":
            by = {"SCR-006": ["SCR-005"], "SCR-007": ["SCR-005", "SCR-006"], "SCR-061": ["SCR-060"]}
            assert rule in after or any(other in after for other in by[rule]), rule


@pytest.mark.hazard(12)
@settings(deadline=None)  # the machine may be busy
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_keys_changes_nothing(document: dict[str, object], random: Random) -> None:
    items = list(document.items())
    random.shuffle(items)
    assert screen(read_facts(dict(items))) == screen(read_facts(document))


@settings(deadline=None)  # the machine may be busy
@given(DOCUMENTS)
def test_the_state_follows_from_what_is_unknown_and_what_was_found(
    document: dict[str, object],
) -> None:
    screening = screen(read_facts(document))
    stopping = any(finding.severity.rank <= 1 for finding in screening.findings)
    expected = "INCOMPLETE" if screening.unknown else "FLAGGED" if stopping else "UNDER_REVIEW"
    assert screening.state == expected
    assert len(severities(screening)) == len(screening.findings), "one finding a rule"


def test_no_state_clears_anybody() -> None:
    assert set(State) == {"INCOMPLETE", "FLAGGED", "UNDER_REVIEW"}


@pytest.mark.hazard(12)
@pytest.mark.parametrize("key", [row.key for row in REQUIREMENTS if row.when is None])
def test_absent_is_never_no(key: str) -> None:
    answered = WELL | {"cssrs.q2": True, "cssrs.q6": True}
    assert screen(read_facts(answered)).state != "INCOMPLETE"
    screening = screen(read_facts(answered | {key: None}))
    assert screening.state == "INCOMPLETE"
    assert key in [unknown.key for unknown in screening.unknown]


def ever(concept: str) -> dict[str, object]:
    return {f"dx.{concept}.history": True}


def now(concept: str) -> dict[str, object]:
    return {f"dx.{concept}.current": True}


DOSING: dict[str, object] = {"for": "dosing_day"}
FERTILE: dict[str, object] = {"childbearing_potential": True}
ESKETAMINE: dict[str, object] = {"product": "ESKETAMINE", "route": "IN"}
RAISED: dict[str, object] = {"lab.alt": 3, "lab.ast": 1, "lab.bilirubin": 1}
CONDITIONS: list[tuple[str, dict[str, object]]] = [
    ("pregnant", FERTILE | {"hcg_result": "negative"}),
    ("hcg_result", {"childbearing_potential": None, "pregnant": False}),
    ("lactating", FERTILE),
    ("dose_mg_per_kg", {"route": "IM"}),
    ("clinic_rems_certified", ESKETAMINE),
    ("patient_rems_enrolled", ESKETAMINE),
    ("ymrs", ever("bipolar")),
    ("sleep_hours", now("bipolar") | DOSING | {"ymrs": 3}),
    ("lorazepam_eq_mg", {"medications": [{"name": "Xanax"}]}),
    ("dose_level", DOSING | {"route": "SL"}),
    ("grapefruit_hours_ago", DOSING | {"route": "PO"}),
    ("dx.gi_gastroparesis.current", {"medications": [{"name": "Ozempic"}]}),
    ("cpap", now("osa")),
    ("ciwa", now("sud")),
    *((key, {"planned_doses": 7}) for key in ("lab.alt", "lab.ast", "lab.bilirubin")),
    ("child_pugh", RAISED),
    ("ecg_qtc_ms", {"age_y": 50}),
    ("moca", {"age_y": 60}),
    ("mmse", {"age_y": 60}),
    *((f"dx.{name}.days_ago", ever(name)) for name in ("mi", "ischaemic_stroke", "tia")),
    *((f"dx.{name}.days_ago", ever(name)) for name in ("recent_surgery", "head_injury")),
    *((f"dx.{name}.controlled", now(name)) for name in ("hyperthyroid", "glaucoma", "seizure")),
    *((f"dx.{name}.severity", now(name)) for name in ("alcohol_use", "sud")),
    *(
        (f"dx.{name}.{facet}", now(name))
        for name in ("heart_failure", "valve_disease", "arrhythmia")
        for facet in ("severity", "controlled")
    ),
    *((key, DOSING) for key in ("hours_since_solids", "hours_since_clear_fluids")),
    *((key, DOSING) for key in ("intox_alcohol", "intox_drug", "breath_alcohol")),
    *((key, DOSING) for key in ("escort_named", "escort_confirmed", "weight_today_kg")),
    *((key, DOSING) for key in ("temp_c", "uri_current", "wheeze", "gi_symptoms")),
]


def test_every_condition_of_a_requirement_is_in_the_table() -> None:
    assert {row.key for row in REQUIREMENTS if row.when} == {key for key, _ in CONDITIONS}


@pytest.mark.hazard(12)
@pytest.mark.parametrize(("key", "given_too"), CONDITIONS)
def test_a_key_is_required_while_its_condition_holds(
    key: str, given_too: dict[str, object]
) -> None:
    def asked(document: dict[str, object]) -> list[str]:
        return [unknown.key for unknown in screen(read_facts(document)).unknown]

    without = {name: value for name, value in WELL.items() if name != key} | {"route": "SC"}
    assert key not in asked(without)
    assert key in asked(without | given_too)


def test_weight_on_the_day_is_needed_by_the_dose_rule() -> None:
    document = WELL | {"for": "dosing_day", "weight_today_kg": None}
    (unknown,) = screen(read_facts(document)).unknown
    assert unknown.as_json() == {"key": "weight_today_kg", "needed_by": ["DOS-W2"]}

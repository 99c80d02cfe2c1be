"""The rows of the dose limits against the draft they were carried in from, and each figure of
them as a bound: a figure that is lost or higher than its draft is a dose nobody meant to allow.
"""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone import dose
from kapstone.dose.rows import RangeRow, Span, content
from kapstone.limits import Bound

HERE = Path(__file__).parent
Drafted = dict[str, str]
# What our rows say beside the draft, and why. Everything else is equal.
PROPOSED = "P"  # every hard limit is, says the head of the draft's rows


def lines(name: str) -> list[Drafted]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DRAFT = lines("dose_rows.csv")
LIMITED = [row for row in DRAFT if row["unit"]]


def figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def drafted_figure(written: str) -> str:
    return figure(Decimal(written)) if written else ""


def by_unit(bound: Bound | None, unit: str) -> str:
    if bound is None:
        return ""
    return figure(bound.mg if unit == "mg" else bound.mg_per_kg)


def span(name: str, held: Span, unit: str) -> Drafted:
    return {f"{name}_min": by_unit(held.min, unit), f"{name}_max": by_unit(held.max, unit)}


def told(row: RangeRow, unit: str) -> Drafted:
    bounds = ("first_max", "step_min", "step_max", "soft_max", "hard_max")
    plain = ("infusion_min_at_least", "min_between_devices")
    held = {name: by_unit(getattr(row, name), unit) for name in bounds}
    held |= {f"{name}_mg": figure(b.mg) if (b := getattr(row, name)) else "" for name in (
        "step_min", "step_max", "hard_max")}  # fmt: skip
    held |= {name: figure(getattr(row, name)) for name in (*plain, "hard_max_mg_per_week")}
    return {
        **span("start", row.start, unit),
        **span("usual", row.usual, unit),
        **held,
        "id": row.id,
        "product": row.product,
        "route": row.route,
        "indications": " ".join(row.indications),
        "unit": unit,
        "mg_per_device": figure(row.device_mg),
        "allowed_mg": " ".join(map(str, row.allowed_mg)),
        "devices": " ".join(f"{mg / (row.device_mg or 1):f}={mg}" for mg in row.allowed_mg),
        "schedule": " ".join(map(weeks_told, row.schedule)),
        "source": " ".join(row.source),
        "mark": row.mark,
    }


def weeks_told(held: object) -> str:
    least = getattr(held, "per_week_at_least", None)
    most = getattr(held, "per_week_at_most", None)
    to_week = getattr(held, "to_week", None)
    start = f"{getattr(held, 'from_week', None)}-{'' if to_week is None else to_week}"
    return f"{start}:{most if least is None else f'{least}..{most}'}"


def as_drafted(row: Drafted) -> Drafted:
    words = {"id", "product", "route", "indications", "unit", "allowed_mg", "devices", "schedule"}
    words |= {"source", "mark"}
    held = {key: value if key in words else drafted_figure(value) for key, value in row.items()}
    source, mark = held["source"], held["mark"]
    return held | {"source": f"{source} {PROPOSED}", "mark": f"{mark}/{PROPOSED}"}


@pytest.mark.hazard(4)
@pytest.mark.parametrize("drafted", LIMITED, ids=[row["id"] for row in LIMITED])
def test_a_row_says_what_the_draft_says(drafted: Drafted) -> None:
    row = next(row for row in content().ranges if row.id == drafted["id"])
    assert told(row, drafted["unit"]) == as_drafted(drafted)


def test_no_row_is_lost_and_none_is_added() -> None:
    ours = [*(row.id for row in content().ranges), *(row.id for row in content().outside)]
    assert ours == [row["id"] for row in DRAFT]
    (outside,) = content().outside
    pain = DRAFT[-1]
    assert (outside.product, outside.route, outside.indication_id) == (
        pain["product"], pain["route"], pain["indications"],
    )  # fmt: skip
    assert (list(outside.source), outside.mark) == (pain["source"].split(), pain["mark"])


def test_the_rules_are_those_of_the_draft() -> None:
    ours, series = content().rules, {"SER-02", "SER-04"}
    drafted = lines("dose_rules.csv")
    assert list(ours) == [*dict.fromkeys(row["id"] for row in drafted), *sorted(series)]
    for row in drafted:
        rule = ours[row["id"]]
        numbers = {name: str(number) for name, number in rule.numbers.items()}
        assert dict(pair.split("=") for pair in row["figures"].split()).items() <= numbers.items()
        assert (list(rule.source), rule.mark) == (row["source"].split(), row["mark"])


def test_a_published_version_never_changes() -> None:
    published = json.loads((HERE / "dose_versions.json").read_text("utf-8"))
    held = content()
    assert published[held.version] == held.digest, "give the rows a new version, and add it here"


# Each figure of the draft as a bound: on it, and the least step above (or below) it.
KG = Decimal(60)  # by which no figure in mg is the lower one of two
JUST = Decimal("0.001")
SOUND = {"weight_days_ago": 0, "height_cm": 170, "sex": "male", "age_y": 40, "infusion_min": 40}


def in_mg(row: Drafted, name: str) -> Decimal:
    value = Decimal(row[name])
    return value * KG if row["unit"] == "mg/kg" else value


def judge(row: Drafted, dose_mg: Decimal | float | str, **changes: object) -> dose.DoseCheck:
    order: dict[str, object] = SOUND | {
        "product": row["product"], "route": row["route"], "weight_kg": float(KG),
        "dose_mg": float(dose_mg), "first_exposure": False,
        "indication_id": row["indications"].split()[0] if row["indications"] else "IND-05",
    }  # fmt: skip
    return dose.check(dose.read_order(order | changes))


RACEMIC = [row for row in LIMITED if row["product"] == "RACEMIC"]
NAMES = [row["id"] for row in RACEMIC]
TWO_MAXIMA = [row for row in RACEMIC if row["hard_max_mg"]]


@pytest.mark.hazard(4)
@pytest.mark.parametrize("row", RACEMIC, ids=NAMES)
def test_each_range_holds_on_both_sides(row: Drafted) -> None:
    least, soft, hard = (in_mg(row, name) for name in ("start_min", "soft_max", "hard_max"))
    assert judge(row, least - JUST).state == "NEEDS_RATIONALE"
    assert judge(row, least).state == "WITHIN"
    assert judge(row, soft).state == "WITHIN"
    assert judge(row, soft + JUST).state == "NEEDS_SECOND_SIGNATURE"
    assert judge(row, hard).state == "NEEDS_SECOND_SIGNATURE"
    assert judge(row, hard + JUST).state == "REFUSED"


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    "row", [row for row in RACEMIC if row["hard_max_mg"]], ids=lambda r: r["id"]
)
def test_of_a_hard_limit_by_weight_and_one_in_mg_the_lower_counts(row: Drafted) -> None:
    heavy = {"weight_kg": 150, "height_cm": 190, "weight_basis": "actual"}
    hard = Decimal(row["hard_max_mg"])
    assert judge(row, hard, **heavy).state != "REFUSED"
    assert judge(row, hard + JUST, **heavy).state == "REFUSED"


@pytest.mark.hazard(4)
@pytest.mark.parametrize("first", [True, None])
@pytest.mark.parametrize("row", RACEMIC, ids=NAMES)
def test_a_first_dose_stays_in_the_lower_half(row: Drafted, first: bool | None) -> None:
    most = in_mg(row, "first_max")
    assert judge(row, most, first_exposure=first).state == "WITHIN"
    found = judge(row, most + JUST, first_exposure=first)
    assert found.state == "REFUSED"
    assert [each.code for each in found.findings] == ["DOS-R1"]
    assert [each.key for each in found.unknown] == ["first_exposure"] * (first is None)


@pytest.mark.parametrize(
    ("facts", "share", "rule"),
    [
        ({"age_y": 64}, "1", ""),
        ({"age_y": 65}, "0.6", "DOS-AGE"),
        ({"child_pugh": "A"}, "1", ""),
        ({"child_pugh": "B"}, "0.5", "DOS-HEP"),
        ({"age_y": 65, "child_pugh": "B"}, "0.5", "DOS-HEP"),
    ],
)
@pytest.mark.parametrize("row", RACEMIC, ids=NAMES)
def test_age_and_liver_lower_the_start(
    row: Drafted, facts: dict[str, object], share: str, rule: str
) -> None:
    start = in_mg(row, "start_max") * Decimal(share)
    assert judge(row, start, first_exposure=True, **facts).state == "WITHIN"
    above = judge(row, start + JUST, first_exposure=True, **facts)
    assert (rule in [each.code for each in above.findings]) is bool(rule)
    least = in_mg(row, "start_min") * (Decimal("0.5") if rule else 1)
    assert judge(row, least, first_exposure=True, **facts).state == "WITHIN"
    assert judge(row, least - JUST, first_exposure=True, **facts).state == "NEEDS_RATIONALE"


@pytest.mark.parametrize("row", RACEMIC, ids=NAMES)
def test_a_step_up_is_no_larger_than_the_row_allows(row: Drafted) -> None:
    last_mg = in_mg(row, "usual_min")
    borne = {"days_ago": 7, "max_ae_grade": 1, "bp_ok": True, "tolerated": True}
    last = {"dose_mg": float(last_mg), **borne}
    if not row["step_max"]:
        assert judge(row, in_mg(row, "soft_max"), previous=[last]).state == "WITHIN"
    else:
        step = min(in_mg(row, "step_max"), Decimal(row["step_max_mg"] or 999))
        assert judge(row, last_mg + step, previous=[last]).state == "WITHIN"
        assert judge(row, last_mg + step + JUST, previous=[last]).state == "NEEDS_RATIONALE"
    for key, bad in (("max_ae_grade", 2), ("bp_ok", False), ("tolerated", False)):
        assert judge(row, last_mg + 1, previous=[last | {key: bad}]).state == "NEEDS_RATIONALE"
        unknown = judge(row, last_mg + 1, previous=[last | {key: None}])
        assert [each.key for each in unknown.unknown] == [f"previous.{key}"]
        assert judge(row, last_mg, previous=[last | {key: bad}]).state == "WITHIN"


def test_an_infusion_is_neither_faster_nor_far_slower_than_the_limits_rest_on() -> None:
    found = {minutes: judge(RACEMIC[0], 30, infusion_min=minutes) for minutes in (39, 40, 120, 121)}
    assert [each.state for each in found.values()] == [
        "NEEDS_RATIONALE", "WITHIN", "WITHIN", "NEEDS_RATIONALE",
    ]  # fmt: skip
    assert judge(RACEMIC[0], 30, infusion_min=None).state == "INCOMPLETE"

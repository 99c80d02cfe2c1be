"""The pages docs/generated/pharmacology.md and pharmacology_accuracy.md, made from the data."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kapstone.pharmacology import effects
from kapstone.pharmacology.accuracy import Row, fold_error, left_out, rows, rows_of
from kapstone.pharmacology.asking import Options
from kapstone.pharmacology.doses import Dose, Person
from kapstone.pharmacology.medicines import known as known_interactions
from kapstone.pharmacology.models import Form, Input, Matrix, Model, Spread, Way
from kapstone.pharmacology.rows import content, load
from kapstone.pharmacology.simulating import simulate

_MADE = "Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.\n"
_MISS_RATIO = 1.25
_VEIN_MIN = (10, 40, 60, 80, 110, 230)
_MARKS = (
    "Marks: A read in the paper's abstract or table, S read in a secondary source, own chosen for "
    "this project and not a published estimate.\n"
)


def models_page() -> str:
    """Each model: what it was built on, its constants, their spread, its ways in."""
    held = content()
    arm = held.arm
    chosen = [
        (form, way, held.models[key].name, held.models[key].inputs[way].confidence[form])
        for (form, way), key in held.defaults.items()
    ]
    return "\n".join(
        [
            f"# Models of ketamine in plasma, version {held.version}\n",
            _MADE,
            "They teach and plan; none proposes a dose. Volumes in L, clearances in L/h, rates in",
            "1/h, mg of base. " + _MARKS,
            "## The default of each way in\n",
            _table(("form", "way", "model", "confidence"), chosen),
            "## Blood from a vein\n",
            "An arterial model read in a vein passes two beds side by side: "
            f"{1 - arm.slow_fraction:g} of the flow through one of {arm.quick_min:g} min,",
            f"{arm.slow_fraction:g} through one of {arm.slow_min:g} min. Nothing is lost in it:",
            "the area stays what it was. It is never below 0, and holds for a bolus too.",
            "The slow share was set on one number, row 1 of the observed table; the two times are",
            "assumptions. Beside it a venous model on which nothing was set, 35 mg over 40 min:",
            "",
            _table(("min", *map(str, _VEIN_MIN)), _veins()),
            "## The models\n",
            _table(
                ("model", "built on", "its page"),
                (
                    (one.name, one.population, f"[{one.id}](pharmacology_{one.id}.md)")
                    for one in held.models.values()
                ),
            ),
            *_effects(),
            "## Sources\n",
            _table(("source", "what it is"), held.sources.items()),
        ]
    )


def _veins() -> list[tuple[str, ...]]:
    """Two ways to a venous curve, beside one another."""
    dose = Dose(amount_mg=Decimal(35), way=Way.IV, form=Form.RACEMATE, infusion_min=40)
    person = Person(age_y=Decimal(45), weight_kg=Decimal(70))
    found = []
    for key in ("kamp2020", "clements1981"):
        options = Options(matrix=Matrix.VENOUS)
        curve = simulate(load(key), [dose], person, _VEIN_MIN, options)
        found.append((load(key).name, *(f"{one:.0f} ng/mL" for one in curve.conc_ng_per_ml)))
    return found


def _effects() -> list[str]:
    held = effects.content()
    low, high = held.awakening_ng_per_ml
    lines = [
        (
            f"drug high, 0 to 10, {form}",
            f"half of it at {link.c50_ng_per_ml:g} ng/mL, steepness {link.steepness_power:g}",
            link.source,
            link.mark,
        )
        for form, link in held.drug_high.items()
    ]
    known = [
        (one.medicine, one.way, f"{one.area_ratio:g}", f"{one.peak_ratio or '-'}", one.source)
        for one in known_interactions()
    ]
    return [
        f"## From concentration to effect, version {held.version}\n",
        "Illustrations, driven by arterial ketamine at an effect site "
        f"{held.half_time_min:g} min behind (half time, ours). The monitor decides.\n",
        _table(("effect", "link", "source", "mark"), lines),
        f"Pressure, ours: {held.systolic_mmhg_ratio:g} / {held.diastolic_mmhg_ratio:g} mmHg for "
        f"each ng/mL. Awakening after surgery: {low:g} to {high:g} ng/mL.",
        f"NMDA occupancy: {held.occupancy_label}.\n",
        "S-ketamine with another medicine over without it:\n",
        _table(("medicine", "way", "area", "peak", "source"), known),
    ]


def _model(model: Model) -> str:
    low_y, high_y = model.age_y
    low_kg, high_kg = model.weight_kg
    weight = f"{low_kg:g} to {high_kg:g} kg"
    scale = f"volumes to the power {model.volume_power:g}, clearances {model.clearance_power:g}"
    facts = [
        ("built on", model.population),
        ("structure", model.structure),
        ("blood", model.matrix),
        ("forms", ", ".join(model.forms)),
        ("refuses outside", f"{low_y:g} to {high_y:g} years, {weight}, unless accepted by name"),
        ("weight", f"{scale}, from {model.reference_kg:g} kg"),
        ("known until", f"{model.late_h:g} h after a dose"),
        ("chosen by this project", model.calibrated),
        ("caution", model.caution or "-"),
        ("source, mark", f"{', '.join(model.source)}; {model.mark}"),
    ]
    ways = [_way(one) for one in model.inputs.values()]
    changed = [
        (f"ancestry {name}, a what-if", _numbers(factors, " times"))
        for name, factors in model.ancestry.items()
    ]
    changed += [(f"each year past {model.aging_from_y:g}", _numbers(model.aging, ""))] * bool(
        model.aging
    )
    return "\n".join(
        [
            f"## {model.name} (`{model.id}`)\n",
            _table(("", ""), facts),
            _table(("constant", "value"), ((k, f"{v:.6g}") for k, v in model.values.items())),
            _table(("changed by", "what"), changed) if changed else "",
            _spreads(model.spreads),
            _table(("way", "confidence", "constants", "spread", "note", "source", "mark"), ways),
        ]
    )


def model_page(model_id: str) -> str:
    """One model: what it was built on, its constants, and how far off it is, row by row."""
    model, held_against = load(model_id), rows_of(model_id)
    picture = f"pharmacology_{model_id}.svg"
    told = (
        [
            f"## Predicted and observed: mean fold error {fold_error(held_against):.2f}\n",
            f"![Predicted over observed, {len(held_against)} rows]({picture})\n",
            "Hollow: kept for acceptance. A row more than 1.25 off carries its number. Each row is",
            "predicted by this model, whether or not it is the default of its way.\n",
            _rows(held_against),
        ]
        if held_against
        else ["No observed row is of people it was built on.\n"]
    )
    return "\n".join([_model(model).replace("## ", "# ", 1), _MADE + _MARKS, *told])


def _way(one: Input) -> tuple[str, ...]:
    return (
        one.way,
        " / ".join(dict.fromkeys(one.confidence.values())),
        _numbers(one.values, "") or "-",
        ", ".join(map(_spread, one.spreads)) or "-",
        one.note or "-",
        ", ".join(one.source),
        one.mark,
    )


def _spreads(spreads: tuple[Spread, ...]) -> str:
    if not spreads:
        return "How people differ is not known: no band.\n"
    return "Between people: " + ", ".join(map(_spread, spreads)) + ".\n"


def _spread(spread: Spread) -> str:
    return f"{spread.name} {spread.kind} {spread.spread_ratio:g} ({spread.mark})"


def _numbers(values: Mapping[str, float], unit: str) -> str:
    return ", ".join(f"{key} {value:g}{unit}" for key, value in values.items())


def accuracy_page() -> str:
    """Each published number beside what the default predicts for it."""
    scored = [row for row in rows() if row.role == "scored"]
    strata = [row for row in rows() if row.role == "published"]
    areas = [row for row in strata if row.what.startswith("S-norketamine") and "AUC" in row.what]
    others = [row for row in strata if row not in areas]
    kept = rows("acceptance.csv")
    free = [row for row in scored if not row.chosen_on]
    return "\n".join(
        [
            f"# Predicted and observed, models of version {content().version}\n",
            _MADE,
            "The default model of each form and way, no constant fitted here. The fold error of a",
            "row is predicted over observed or its inverse; of many rows, the geometric mean.\n",
            _table(("rows", "how many", "mean fold error"), _errors(scored, free, others, kept)),
            f"## Misses: a fold error above {_MISS_RATIO}\n",
            _rows(row for row in (*scored, *kept) if _fold(row) > _MISS_RATIO),
            "## Observed in adults: concentrations, peaks, areas\n",
            _rows(scored),
            "Left out: "
            + ", ".join(f"row {row} ({reason})" for row, reason in left_out())
            + ". They are partial areas, not whole ones.\n",
            "## Kept for acceptance: on these nothing was chosen\n",
            _rows(kept),
            "## Perez-Ruixo 2021, table 4\n",
            _rows(others),
            "The areas of noresketamine do not come out of the paper's constants; the peaks do:\n",
            _rows(areas),
        ]
    )


def _errors(*groups: Iterable[Row]) -> list[tuple[str, str, str]]:
    names = (
        "observed, all",
        "observed, on which no constant was chosen",
        "Perez-Ruixo strata, areas of noresketamine apart",
        "kept for acceptance",
    )
    found = zip(names, map(list, groups), strict=True)
    return [(name, str(len(group)), f"{fold_error(group):.3f}") for name, group in found]


def _fold(row: Row) -> float:
    return max(row.ratio, 1 / row.ratio)


def _rows(found: Iterable[Row]) -> str:
    head = ("row", "study", "what", "observed", "predicted", "ratio", "chosen on it", "assumed")
    lines = [
        (
            row.row_id,
            f"[{row.study}]({row.source})" if row.source.startswith("http") else row.study,
            row.what,
            f"{row.observed_value:g}",
            f"{row.predicted_value:.4g}",
            f"{row.ratio:.2f}",
            row.chosen_on or "-",
            row.assumed or "-",
        )
        for row in found
    ]
    return _table(head, lines)


def _table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    names = list(head)
    whole = [names, ["---"] * len(names), *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in whole) + "\n"

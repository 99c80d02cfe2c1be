"""JSON of a plan → what `simulate` takes. An unknown key is an error: a slip must not hide a fact.

Absent keys: `product` RACEMIC, `route` IV, `infusion_min` 0 (a bolus), `swallowed` true, `analyte`
the drug as dosed, `matrix` and `model` the default's, `times_min` each minute from 0 to 240,
`people` 2000 (0 for no band), `seed` 1, `accept` nothing. Of esketamine by the nose `dose_mg` and
`devices` say the same thing, 28 mg a device, and either is enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from kapstone.dose.order import Formulation, Product, Route, SaltOrBase
from kapstone.errors import InvalidInput
from kapstone.pharmacology.asking import Analyte, Limit, Options
from kapstone.pharmacology.doses import Ancestry, Dose, Person
from kapstone.pharmacology.models import Form, Matrix, Model, Way
from kapstone.pharmacology.people import Crowd
from kapstone.pharmacology.rows import default, load

_FORMS = {Product.RACEMIC: Form.RACEMATE, Product.ESKETAMINE: Form.ESKETAMINE}
_WAYS = {
    Route.IV: Way.IV,
    Route.IM: Way.IM,
    Route.SC: Way.SC,
    Route.SL: Way.SUBLINGUAL,
    Route.PO: Way.ORAL,
    Route.IN: Way.INTRANASAL,
}
_DEVICE_MG = 28
_EACH = frozenset({"at_min", "dose_mg", "infusion_min", "devices"})
_ONE = frozenset({"dose_mg", "dose_mg_per_kg", "infusion_min", "devices"})
_KEYS = _ONE | frozenset(
    {
        "product", "route", "formulation", "salt_or_base", "doses", "weight_kg", "age_y",
        "ancestry", "swallowed", "times_min", "analyte", "matrix", "model", "people", "seed",
        "accept", "medicine",
    }
)  # fmt: skip

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file asks for. `crowd` None is no band."""

    model: Model
    doses: tuple[Dose, ...]
    person: Person
    times_min: tuple[float, ...]
    options: Options
    crowd: Crowd | None


def read(document: object) -> Asked:
    """The question in a JSON object; null is the same as absent.

    Raises
    ------
    InvalidInput
        naming the key, for anything that cannot be read.
    """
    given = _known(document, _KEYS, "plan")
    form = _FORMS[_word(given, "product", Product) or Product.RACEMIC]
    way = _way(given)
    person = Person(
        age_y=_number(given, "age_y"),
        weight_kg=_number(given, "weight_kg"),
        ancestry=_word(given, "ancestry", Ancestry),
    )
    return Asked(
        model=load(_text(given, "model")) if "model" in given else default(form, way),
        doses=_doses(given, form, way, person),
        person=person,
        times_min=_times(given),
        options=_options(given),
        crowd=_crowd(given),
    )


def _way(given: Mapping[str, object]) -> Way:
    way = _WAYS[_word(given, "route", Route) or Route.IV]
    prolonged = _word(given, "formulation", Formulation) is Formulation.TABLET_PR
    return Way.ORAL_PROLONGED if prolonged and way is Way.ORAL else way


def _doses(given: Mapping[str, object], form: Form, way: Way, person: Person) -> tuple[Dose, ...]:
    several = given.get("doses")
    if several is None:
        rows: list[tuple[str, Mapping[str, object]]] = [("", given)]
    else:
        if not isinstance(several, list):
            raise InvalidInput("doses", "is not a list.")
        if beside := sorted(_ONE & set(given)):
            raise InvalidInput(beside[0], "stands beside doses.", "Give it in each dose.")
        paths = [f"doses[{place}]." for place in range(len(several))]
        rows = [(path, _known(row, _EACH, path)) for path, row in zip(paths, several, strict=True)]
    salt_or_base = _word(given, "salt_or_base", SaltOrBase)
    swallowed = given.get("swallowed", True)
    if not isinstance(swallowed, bool):
        raise InvalidInput("swallowed", f"{swallowed!r} is not true or false.")
    made = []
    for path, row in rows:
        sprayed = way is Way.INTRANASAL and form is Form.ESKETAMINE
        amount_mg = _amount_mg(row, path, person)
        devices = _number(row, "devices", path)
        if sprayed:
            amount_mg, devices = _sprays(amount_mg, devices, path)
        if amount_mg is None:
            raise InvalidInput(f"{path}dose_mg", "is missing.", "Give it.")
        made.append(
            Dose(
                amount_mg=amount_mg,
                way=way,
                form=form,
                at_min=float(_number(row, "at_min", path) or 0),
                infusion_min=float(_number(row, "infusion_min", path) or 0),
                devices=_whole(devices, f"{path}devices", 1),
                salt_or_base=SaltOrBase.BASE if sprayed else salt_or_base,
                swallowed=swallowed,
            )
        )
    return tuple(made)


def _amount_mg(row: Mapping[str, object], path: str, person: Person) -> Decimal | None:
    amount_mg, per_kg = _number(row, "dose_mg", path), _number(row, "dose_mg_per_kg", path)
    if per_kg is None:
        return amount_mg
    if amount_mg is not None:
        raise InvalidInput("dose_mg_per_kg", "stands beside dose_mg.", "Give one of them.")
    if person.weight_kg is None:
        raise InvalidInput("weight_kg", "is missing.", "Give it, or the dose in mg.")
    return per_kg * person.weight_kg


def _sprays(
    amount_mg: Decimal | None, devices: Decimal | None, path: str
) -> tuple[Decimal | None, Decimal | None]:
    if devices is None:
        whole = amount_mg is not None and amount_mg > 0 and amount_mg % _DEVICE_MG == 0
        return amount_mg, amount_mg / _DEVICE_MG if whole and amount_mg else None
    if amount_mg is not None and amount_mg != devices * _DEVICE_MG:
        problem = f"{devices} are not the {amount_mg} mg of dose_mg, 28 mg each."
        raise InvalidInput(f"{path}devices", problem, "Give one of them.")
    return devices * _DEVICE_MG, devices


def _times(given: Mapping[str, object]) -> tuple[float, ...]:
    times = given.get("times_min")
    if times is None:
        return tuple(float(minute) for minute in range(241))
    if not isinstance(times, list):
        raise InvalidInput("times_min", "is not a list of minutes.")
    return tuple(float(_as_number(one, "times_min")) for one in times)


def _options(given: Mapping[str, object]) -> Options:
    accepted = given.get("accept", [])
    if not isinstance(accepted, list):
        raise InvalidInput("accept", "is not a list of names.")
    analyte = given.get("analyte")
    if isinstance(analyte, str):  # S-ketamine is s_ketamine
        given = {**given, "analyte": analyte.lower().replace("-", "_")}
    return Options(
        analyte=_word(given, "analyte", Analyte),
        matrix=_word(given, "matrix", Matrix),
        accept=frozenset(_as_word(one, "accept", Limit) for one in accepted),
        medicine=_text(given, "medicine") if "medicine" in given else None,
    )


def _crowd(given: Mapping[str, object]) -> Crowd | None:
    people = _whole(_number(given, "people"), "people", 2000)
    seed = _whole(_number(given, "seed"), "seed", 1)
    return Crowd(people_count=people, seed=seed) if people else None


def _known(document: object, keys: frozenset[str], path: str) -> dict[str, object]:
    if not isinstance(document, dict):
        raise InvalidInput(path, "is not a JSON object.")
    for key in document:
        if key not in keys:
            raise InvalidInput(
                f"{path.rstrip('.')}.{key}", "is no key of it.", f"Known: {sorted(keys)}."
            )
    return {key: value for key, value in document.items() if value is not None}


def _word(given: Mapping[str, object], key: str, words: type[Word]) -> Word | None:
    return _as_word(given[key], key, words) if key in given else None


def _as_word(value: object, key: str, words: type[Word]) -> Word:
    if isinstance(value, str) and value in list(words):
        return words(value)
    raise InvalidInput(key, f"{value!r} is not known.", f"Give one of {', '.join(words)}.")


def _text(given: Mapping[str, object], key: str) -> str:
    value = given[key]
    if not isinstance(value, str):
        raise InvalidInput(key, f"{value!r} is not text.")
    return value


def _number(given: Mapping[str, object], key: str, path: str = "") -> Decimal | None:
    return _as_number(given[key], path + key) if key in given else None


def _as_number(value: object, key: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(key, f"{value!r} is not a number.")
    return Decimal(str(value))


def _whole(number: Decimal | None, key: str, absent: int) -> int:
    if number is None:
        return absent
    if number % 1 or number < 0:
        raise InvalidInput(key, f"{number} is not a whole number.")
    return int(number)

"""What is asked of a model, and whether it may answer: its limits stand between."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kapstone.errors import InvalidInput
from kapstone.pharmacology.doses import Dose, Person
from kapstone.pharmacology.medicines import (
    PARTLY_SWALLOWED,
    Interaction,
    applying,
)
from kapstone.pharmacology.medicines import (
    warnings as of_interactions,
)
from kapstone.pharmacology.models import Form, Matrix, Model, Way


class Analyte(StrEnum):
    """What is measured. `KETAMINE` is both mirror images of a racemic dose together."""

    KETAMINE = "ketamine"
    S_KETAMINE = "s_ketamine"
    R_KETAMINE = "r_ketamine"
    NORKETAMINE = "norketamine"
    S_NORKETAMINE = "s_norketamine"
    R_NORKETAMINE = "r_norketamine"

    @property
    def is_norketamine(self) -> bool:
        """Whether it is the metabolite."""
        return self.endswith("norketamine")

    @property
    def mirror_image(self) -> str:
        """ "s" or "r" where it is one of the two, else ""."""
        return self[0] if self[1] == "_" else ""


class Limit(StrEnum):
    """What a caller may accept by name, each on its own."""

    AGE = "age"
    WEIGHT = "weight"
    FORM = "form"
    ROUTE = "route"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is read, and which limits of the model the caller accepts.

    `analyte` None is the drug as dosed; `matrix` None is the model's own. Nothing is converted
    that is not asked for: a racemic dose gives `s_ketamine` only where that is the analyte.
    `medicine` is one of `interactions`: what enters by the way it was measured by is drawn so many
    times as high. Two at once were never measured.
    """

    analyte: Analyte | None = None
    matrix: Matrix | None = None
    accept: frozenset[Limit] = frozenset()
    medicine: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question the model may answer, with what a reader must know beside the answer."""

    model: Model
    doses: tuple[Dose, ...]
    form: Form
    person: Person
    analyte: Analyte
    matrix: Matrix
    warnings: tuple[str, ...]
    interactions: tuple[Interaction, ...] = ()

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways in, in the order of the enumeration, each once."""
        used = {dose.way for dose in self.doses}
        return tuple(way for way in Way if way in used)

    @property
    def confidence(self) -> str:
        """How far to trust it: that of each way in."""
        graded = {way: self.model.inputs[way].confidence[self.form] for way in self.ways}
        if len(set(graded.values())) == 1:
            return next(iter(graded.values()))
        return ", ".join(f"{way}: {grade}" for way, grade in graded.items())

    @property
    def through_arm(self) -> bool:
        """Whether an arterial model is read in a vein. Norketamine's constants are venous."""
        arterial = self.model.matrix is Matrix.ARTERIAL
        return arterial and self.matrix is Matrix.VENOUS and not self.analyte.is_norketamine

    @property
    def enantiomer(self) -> str:
        """ "s" or "r" where a model of both is asked for one, else ""."""
        pooled = Form.RACEMATE in self.model.forms
        return self.analyte.mirror_image if pooled else ""

    def more_by(self, way: Way) -> float:
        """How many times as much enters by this way, or is swallowed of it, with the medicine."""
        measured = Way.ORAL if way in PARTLY_SWALLOWED else way
        return next((one.area_ratio for one in self.interactions if one.way is measured), 1.0)

    @property
    def share_of_dose(self) -> float:
        """How much of the dose the analyte comes from: half of a racemate for one mirror image."""
        return 0.5 if self.form is Form.RACEMATE and self.analyte.mirror_image else 1.0


def ask(model: Model, doses: Sequence[Dose], person: Person, options: Options) -> Question:
    """The question, checked.

    Raises
    ------
    InvalidInput
        naming what lies outside the model, unless `options.accept` names it.
    """
    if not doses:
        raise InvalidInput("doses", "there is none.", "Give at least one.")
    forms = {dose.form for dose in doses}
    if len(forms) > 1:
        raise InvalidInput("doses", "are racemate and esketamine in one.", "Simulate each apart.")
    form = forms.pop()
    warnings = [model.caution] if model.caution else []
    warnings += _person(model, person, options.accept)
    warnings += _ways(model, doses, options.accept)
    if form not in model.forms:
        problem = f"{form} is not what {model.name} was built on."
        warnings.append(_outside(Limit.FORM, "form", problem, options.accept))
    analyte = _analyte(model, form, options.analyte)
    matrix, said = _matrix(model, analyte, options)
    found, told = _interactions(options.medicine, tuple({dose.way for dose in doses}), analyte)
    every = (*warnings, *said, *told)
    return Question(model, tuple(doses), form, person, analyte, matrix, every, found)


def _interactions(
    medicine: str | None, ways: tuple[Way, ...], analyte: Analyte
) -> tuple[tuple[Interaction, ...], tuple[str, ...]]:
    if medicine is None:
        return (), ()
    if analyte.is_norketamine:
        raise InvalidInput("medicine", "has no published ratio for norketamine.", "Leave it out.")
    found = applying(medicine, ways)
    told = of_interactions(found, ways)
    if analyte is not Analyte.S_KETAMINE:
        told = (*told, "It was measured with S-ketamine alone; here it is taken for both images.")
    return found, told


def _outside(limit: Limit, key: str, problem: str, accept: frozenset[Limit]) -> str:
    if limit not in accept:
        raise InvalidInput(key, problem, f"Accept `{limit}` by name to draw it all the same.")
    return f"Accepted by name, {limit}: {problem}"


def _person(model: Model, person: Person, accept: frozenset[Limit]) -> list[str]:
    figures: tuple[tuple[Limit, str, Decimal | None, tuple[float, float], str], ...] = (
        (Limit.AGE, "age_y", person.age_y, model.age_y, "years"),
        (Limit.WEIGHT, "weight_kg", person.weight_kg, model.weight_kg, "kg"),
    )
    warnings = []
    for limit, key, figure, (low, high), unit in figures:
        if figure is None and not (limit is Limit.WEIGHT and model.any_weight):
            typical = model.reference_kg if limit is Limit.WEIGHT else model.default_age_y
            warnings.append(f"No {limit} was given: read as {typical:g} {unit}.")
        elif figure is not None and not low <= figure <= high:
            problem = f"{figure} {unit} is outside {low:g} to {high:g} of {model.name}."
            warnings.append(_outside(limit, key, problem, accept))
    if person.ancestry and not model.ancestry:
        warnings.append(f"Ancestry changes nothing in {model.name}.")
    elif person.ancestry:
        warnings.append(f"A what-if: two populations of one data set, {person.ancestry}.")
    return warnings


def _ways(model: Model, doses: Sequence[Dose], accept: frozenset[Limit]) -> list[str]:
    warnings: dict[str, None] = {}
    for dose in doses:
        given = model.inputs.get(dose.way)
        if given is None:
            known = ", ".join(model.inputs)
            raise InvalidInput(
                "route", f"{model.name} takes no dose by the way {dose.way}.", f"Known: {known}."
            )
        if given.only_if_accepted:
            warnings[_outside(Limit.ROUTE, "route", given.note, accept)] = None
        elif given.note:
            warnings[given.note] = None
        if dose.salt_or_base is None:
            warnings["Salt or base was not said: mg are read as labelled, as base."] = None
    return list(warnings)


def _analyte(model: Model, form: Form, asked: Analyte | None) -> Analyte:
    single = form is Form.ESKETAMINE
    analyte = asked or (Analyte.S_KETAMINE if single else Analyte.KETAMINE)
    if analyte.is_norketamine and not model.has_norketamine:
        raise InvalidInput("analyte", f"{model.name} does not follow norketamine.")
    if single and analyte.mirror_image != "s":
        raise InvalidInput("analyte", f"{analyte} is not in esketamine.", "Ask for s_ketamine.")
    if not single and analyte.mirror_image and Form.ESKETAMINE not in model.forms:
        raise InvalidInput("analyte", f"{model.name} does not tell the mirror images apart.")
    return analyte


def _matrix(model: Model, analyte: Analyte, options: Options) -> tuple[Matrix, list[str]]:
    asked, own = options.matrix, model.matrix
    if analyte.is_norketamine:
        return Matrix.VENOUS, ["Norketamine is read in venous plasma: its constants are of it."]
    if asked is None or asked is own:
        return own, []
    if own is Matrix.ARTERIAL:
        return asked, ["Venous by a read-out that was set on one number: a hint."]
    problem = f"{model.name} is of {own} plasma, not of {asked}."
    return own, [_outside(Limit.MATRIX, "matrix", problem, options.accept)]

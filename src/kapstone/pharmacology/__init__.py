"""From a dose to a predicted curve: published models of ketamine in plasma.

    from kapstone import pharmacology as ph
    model = ph.default(ph.Form.RACEMATE, ph.Way.IV)
    dose = ph.Dose(amount_mg=Decimal(35), way=ph.Way.IV, form=ph.Form.RACEMATE, infusion_min=40)
    curve = ph.simulate(model, [dose], ph.Person(weight_kg=Decimal(70)), range(0, 241))
    band = ph.population(model, [dose], ph.Person(weight_kg=Decimal(70)), range(0, 241))

It teaches and plans. It never proposes a dose, and no clinician has reviewed it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kapstone.pharmacology.asking import Analyte, Limit, Options, Question
    from kapstone.pharmacology.doses import Ancestry, Dose, Person, Rate, infusion
    from kapstone.pharmacology.engines import Engine
    from kapstone.pharmacology.links import Chain, Illustrated, chain, illustrated
    from kapstone.pharmacology.medicines import Interaction, interactions
    from kapstone.pharmacology.models import Form, Matrix, Model, Way
    from kapstone.pharmacology.people import Band, Crowd, population
    from kapstone.pharmacology.rows import default, load
    from kapstone.pharmacology.showing import Shown, shown
    from kapstone.pharmacology.simulating import Curve, Summary, simulate, summary

# What is offered, by the module that holds it. Loaded when first asked for: the other commands
# of the core start without NumPy.
_HELD = {
    "asking": ("Analyte", "Limit", "Options", "Question"),
    "links": ("Chain", "Illustrated", "chain", "illustrated"),
    "doses": ("Ancestry", "Dose", "Person", "Rate", "infusion"),
    "engines": ("Engine",),
    "medicines": ("Interaction", "interactions"),
    "models": ("Form", "Matrix", "Model", "Way"),
    "people": ("Band", "Crowd", "population"),
    "rows": ("default", "load"),
    "showing": ("Shown", "shown"),
    "simulating": ("Curve", "Summary", "simulate", "summary"),
}
_MODULE_OF = {name: module for module, names in _HELD.items() for name in names}

__all__ = [  # noqa: RUF022 - in the order of use
    "default", "load", "Model", "Form", "Way", "Matrix", "Dose", "Rate", "infusion", "Person",
    "Ancestry", "Options", "Analyte", "Limit", "simulate", "Curve", "Question", "summary",
    "Summary", "population", "Crowd", "Band", "Engine", "interactions", "Interaction", "chain",
    "Chain", "illustrated", "Illustrated", "shown", "Shown",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)

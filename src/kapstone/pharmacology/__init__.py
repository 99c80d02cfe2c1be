"""From a dose to a predicted curve: published models of ketamine in plasma.

    from kapstone import pharmacology as ph
    model = ph.default(ph.Form.RACEMATE, ph.Way.IV)
    dose = ph.Dose(amount_mg=Decimal(35), way=ph.Way.IV, form=ph.Form.RACEMATE, infusion_min=40)
    curve = ph.simulate(model, [dose], ph.Person(weight_kg=Decimal(70)), range(0, 241))
    band = ph.population(model, [dose], ph.Person(weight_kg=Decimal(70)), range(0, 241))

It teaches and plans. It never proposes a dose, and no clinician has reviewed it.
"""

from kapstone.pharmacology.asking import Analyte, Limit, Options, Question
from kapstone.pharmacology.doses import Ancestry, Dose, Person, Rate, infusion
from kapstone.pharmacology.models import Form, Matrix, Model, Way
from kapstone.pharmacology.people import Band, Crowd, population
from kapstone.pharmacology.rows import default, load
from kapstone.pharmacology.simulating import Curve, Summary, simulate, summary

__all__ = [
    "Analyte", "Ancestry", "Band", "Crowd", "Curve", "Dose", "Form", "Limit", "Matrix", "Model",
    "Options", "Person", "Question", "Rate", "Summary", "Way", "default", "infusion", "load",
    "population", "simulate", "summary",
]  # fmt: skip

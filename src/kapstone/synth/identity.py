"""Names, birth dates and contacts that nobody real can have.

Telephone numbers are of the range kept for fiction, +1 202 555 0100 to 0199 (source: NANPA,
from memory, mark G); e-mail stands at example.org (RFC 2606).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

_WOMEN = ("Ada", "Bea", "Cora", "Dina", "Elsa", "Fay", "Greta", "Hana", "Ines", "Juna")
_MEN = ("Abel", "Bram", "Cato", "Dario", "Emil", "Finn", "Gil", "Hugo", "Ivo", "Jarl")
_FAMILIES = ("Synthwell", "Testerman", "Mockford", "Samplesen", "Demoray", "Trialova", "Placebeck")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a synthetic person is. `weight_kg` and `height_cm` as measured at the referral."""

    given: str
    family: str
    birth_date: date
    sex: str
    weight_kg: Decimal
    height_cm: Decimal
    phone: str
    email: str


def identity(rng: Random, number: int, as_of: date) -> Identity:
    """Draw one person, 19 to 75 years old."""
    sex = rng.choice(("female", "male"))
    given = rng.choice(_WOMEN if sex == "female" else _MEN)
    family = rng.choice(_FAMILIES)
    height_cm = round(rng.gauss(*((163, 6) if sex == "female" else (177, 7))))
    body_mass_index = min(max(rng.gauss(27, 4.5), 18.5), 42)
    return Identity(
        given=given,
        family=family,
        birth_date=as_of - timedelta(days=rng.randint(19 * 366, 75 * 365)),
        sex=sex,
        weight_kg=round(Decimal(body_mass_index * (height_cm / 100) ** 2), 1),
        height_cm=Decimal(height_cm),
        phone=f"+1 202 555 01{number % 100:02d}",
        email=f"{given}.{family}.{number}@example.org".lower(),
    )

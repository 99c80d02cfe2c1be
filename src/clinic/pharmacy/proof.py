"""A second person's proof at the console of the first."""

from clinic.people import proof
from clinic.people.gate import ClinicRequest
from clinic.people.models import User
from clinic.pharmacy.witness import Prove


def proving(request: ClinicRequest) -> Prove:
    """A check of somebody else's PIN or password, here and now; the session keeps its own user."""

    def prove(person: User, secret: str) -> bool:
        return proof.prove(request, person, secret)

    return prove

"""What the console's forms offer: the scores, the questions of recovery, the next steps."""

from collections.abc import Sequence
from datetime import datetime

from clinic.dosing import before, parts, touched
from clinic.dosing.forms import MENDED, SYMPTOM_WORDS
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.presence import InRoom
from clinic.people.models import Patient, StaffMember
from kapstone import pathway
from kapstone.monitoring import moaas, taps
from kapstone.monitoring.events import PUMPED, Kind
from kapstone.monitoring.pathways import pathways
from kapstone.monitoring.screener import ITEMS
from kapstone.monitoring.session import SessionState
from kapstone.monitoring.vitals import parameters
from kapstone.pathway import Session

NRS = (
    ("dissoc_nrs", "Dissociation, 0 none to 10 most"),
    ("anxiety_nrs", "Anxiety, 0 none to 10 most"),
    ("nausea_nrs", "Nausea, 0 none to 10 most"),
    ("pain_nrs", "Pain, 0 none to 10 most"),
)
TENS = tuple(map(str, range(11)))
SCORES = (("aldrete", "aldrete", "Aldrete, 0 to 10"), ("padss", "padss", "PADSS, 0 to 10"))
# kind, key, words, what yes says, what no says
SAYS = (
    ("gait", "steady", "Gets up, sits and walks steadily without help", "Yes", "No"),
    ("screener", "mania", "Signs of mania", "Yes", "No"),
    ("escort", "present", "The named adult is here and takes the person along", "Yes", "No"),
    ("instruction", "given", "Instructions and emergency numbers", "Given", "Not given"),
)
SCREENER = tuple(
    (each.key, each.label.partition(": ")[2])
    for each in parameters().values()
    if each.name in ITEMS
)
TOUCHED = ("hand", "forearm", "shoulder", "elsewhere")
BEGAN = ("the person asked", "staff offered, the person agreed", "staff, without asking")
# What of an infusion was already done, by what the form says.
GIVEN_PARTS = {
    "start": (Kind.DOSE_START, "The infusion began"),
    "stop": (Kind.DOSE_STOP, "The infusion ended; mg in all"),
    "resume": (Kind.DOSE_RESUME, "A paused infusion went on"),
    "rate": (Kind.DOSE_RATE, "The rate was raised, to so many mL/h"),
}
INFUSION_PARTS = [(part, words) for part, (_, words) in GIVEN_PARTS.items()]
# What each form of the console is drawn from.
OFFERED: dict[str, object] = {
    "nrs": NRS,
    "tens": TENS,
    "scores": SCORES,
    "says": SAYS,
    "screener": SCREENER,
    "touched": TOUCHED,
    "began": BEGAN,
    "symptoms": SYMPTOM_WORDS,
    "emergencies": pathways(),
    "groups": taps.groups(),
    "to_note": taps.to_note(),
    "moaas": moaas.scale(),
    "infusion_parts": INFUSION_PARTS,
}
MENDS = {
    "dose_mg": "Given, mg",
    "rate_ml_per_h": "Rate, mL/h",
    "mg_per_ml": "In the pump, mg/mL",
    "lot": "Lot, from the device",
    "serial": "Serial",
}
WORDS = {
    Session.ARRIVED: "Arrived",
    Session.READY: "Ready",
    Session.PEAK: "Peak",
    Session.RETURN: "Coming back",
    Session.RECOVERY: "Recovery",
    Session.HELD: "Hold",
    Session.CANCELLED: "Cancel today",
}


def agreed(
    patient: Patient, present: Sequence[InRoom], on_shift: Sequence[StaffMember]
) -> dict[str, object]:
    """What the person and the team agreed on in preparation, and who may have touched."""
    touch = before.touch(patient)
    return {
        "prepared": before.preparation(patient),
        "touch": touch,
        "touchers": touched.may_be_named(touch, present, on_shift),
    }


def of_dose(
    session: DosingSession, state: SessionState, order: before.Ordered | None, now: datetime
) -> dict[str, object]:
    """What the card of the dose is drawn from beside the panel."""
    return {
        "dose_first": _drug_goes_in(session, state),
        "second_part": parts.offer(session, state, order, now),
        "lots": _lots(session),
        "next_steps": next_steps(session),
    }


def _drug_goes_in(session: DosingSession, state: SessionState) -> bool:
    """Whether what a nurse may have to do next is about the drug: then it stands first."""
    if state.dose is None:
        return False
    return state.dose.end is None or session.phase in (Session.DOSING, Session.PEAK)


def _lots(session: DosingSession) -> list[str]:
    """The lots that the cupboard holds of a product that comes in devices; else none is asked."""
    if session.product != "ESKETAMINE":
        return []
    return sorted({each.vial.lot for each in before.stock(session.product)})


def fields_of(session: DosingSession, event: SessionEvent) -> list[tuple[str, str]]:
    """The figures of a part that may be typed anew on its own line, with their words."""
    pumped = session.route == "IV" and event.kind == Kind.DOSE_START
    keys = [key for key in MENDED.get(event.kind, ()) if not (pumped and key == "dose_mg")]
    if session.route != "IV":
        keys = [key for key in keys if key not in PUMPED]
    return [(key, MENDS[key]) for key in keys]


def next_steps(session: DosingSession) -> list[tuple[str, str]]:
    """The steps that a tap may take from here, in the pathway's order."""
    may = pathway.allowed(Session(session.phase))
    return [(str(phase), words) for phase, words in WORDS.items() if phase in may]

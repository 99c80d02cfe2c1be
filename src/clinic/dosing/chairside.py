"""What the console's forms offer: the scores, the questions of recovery, the next steps."""

from clinic.dosing.forms import ONE_TAP, SYMPTOM_WORDS
from clinic.dosing.models import DosingSession
from kapstone import pathway
from kapstone.monitoring.screener import ITEMS
from kapstone.monitoring.vitals import parameters
from kapstone.pathway import Session

NRS = (
    ("dissoc_nrs", "Dissociation, 0 none to 10"),
    ("anxiety_nrs", "Anxiety, 0 to 10"),
    ("nausea_nrs", "Nausea, 0 to 10"),
    ("pain_nrs", "Pain, 0 to 10"),
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
    "taps": ONE_TAP,
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


def next_steps(session: DosingSession) -> list[tuple[str, str]]:
    """The steps that a tap may take from here, in the pathway's order."""
    may = pathway.allowed(Session(session.phase))
    return [(str(phase), words) for phase, words in WORDS.items() if phase in may]

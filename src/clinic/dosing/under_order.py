"""Another drug that was given: by a prescriber's word, or under a version of a standing order."""

from dataclasses import replace
from datetime import datetime, timedelta

from clinic.dosing import before
from clinic.dosing.kinds import RESCUE, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.planning.standing import Standing
from kapstone.errors import InvalidInput

SPOKEN = "spoken"
STILL_OFFERED = timedelta(hours=1)  # mark P: given while it stood, charted after it ended
MEND = "Choose another, or say which prescriber ordered it."
_OURS = ("under", "under_id")  # which no form may say by itself


def offered(now: datetime) -> list[Standing]:
    """What may be chosen: in force now, or until not long ago. Nothing is chosen beforehand."""
    return before.given_by(now - STILL_OFFERED, now)


def fill(session: DosingSession, chart: Chart, under: str) -> Chart:
    """The line with the order it was given by: which version, whose signature.

    Raises InvalidInput where the version did not stand when the drug was given.
    """
    if chart.kind != RESCUE:
        return chart
    body = {key: value for key, value in chart.body.items() if key not in _OURS}
    if under in ("", SPOKEN):
        return replace(chart, body=body)
    if "ordered_by" in body:
        raise InvalidInput("ordered_by", "is typed beside a standing order.", "Give one of both.")
    if held := _sent_before(session, chart, under):
        return replace(chart, body=body | held)
    at = chart.observed_at
    stood = {str(one.order.pk): one for one in before.given_by(at, at)}
    if under not in stood:
        raise InvalidInput("standing order", "did not stand when it was given.", MEND)
    return replace(chart, body=body | _told(stood[under]))


def _told(one: Standing) -> dict[str, object]:
    order = one.order
    signed = f"signed by {one.signed_by} on {order.signature.at:%Y-%m-%d}"
    return {
        "ordered_by": one.signed_by,
        "under": f"version {order.version} for {order.drug}, {signed}",
        "under_id": str(order.pk),
    }


def _sent_before(session: DosingSession, chart: Chart, under: str) -> dict[str, object]:
    """What the same entry said when it was first sent: the order may have ended since."""
    known = SessionEvent.objects.filter(session=session, pk=chart.id).first()
    if known is None or known.body.get("under_id") != under:
        return {}
    return {key: known.body[key] for key in ("ordered_by", *_OURS)}

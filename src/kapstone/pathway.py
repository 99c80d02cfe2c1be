"""Stages of an episode, a series, a session and a follow-up, and the steps between them.

Each step names what must be on record before it is taken. Whether it is, the clinic looks up; a
step taken without what it needs is not allowed. Source: design of an episode of care, mark P.
"""

from collections.abc import Mapping
from enum import StrEnum

from kapstone.errors import ForbiddenStep


class Need(StrEnum):
    """What a step asks for."""

    REFERRAL = "a referral or a request of the person's own"
    CLEARANCE = "a prescriber's clearance in force"
    PLAN = "a plan: indication, product, route, dose model, number and spacing"
    CONSENT = "consent to this plan, item by item, signed and not withdrawn"
    PREPARATION = "a preparation visit with a touch agreement"
    BASELINE = "a baseline rating by the matching questionnaire"
    ORDER = "a signed order inside its dose limits"
    RESULT_REVIEW = "a prescriber's review of the result"
    REASON = "a reason"
    PRESCRIBER = "a prescriber's decision"
    IDENTITY = "two identifiers"
    READINESS = "the readiness checks of the day"
    CONSENT_TODAY = "consent confirmed again before any drug"
    WEIGHT_TODAY = "a weight of the day"
    TWO_PEOPLE = "two people's dose entries that agree"
    DOSE_GIVEN = "a charted dose"
    DEVIATION = "a dose that was given all the same: a deviation and an incident"
    RECOVERED = "the discharge criteria"
    SIGNED_OUT = "a nurse's proposal and a prescriber's or delegate's signature"
    HANDOVER = "a handover to whoever takes over"
    RISK_EXPLAINED = "the risk of leaving explained, or that it could not be"
    FIRST_DOSE = "a given dose"


class Episode(StrEnum):
    """Where one person's care stands, from referral to its end."""

    REFERRED = "referred"
    SCREENING = "screening"
    ELIGIBLE = "eligible"
    PLANNED = "planned"
    CONSENTED = "consented"
    PREPARED = "prepared"
    IN_SERIES = "in series"
    PAUSED = "paused"
    MAINTENANCE = "maintenance"
    COMPLETED = "completed"
    DECLINED = "declined"
    NOT_ELIGIBLE = "not eligible"
    REFERRED_ON = "referred on"
    WITHDRAWN = "withdrawn"
    LOST = "lost to follow-up"
    DIED = "died"


class Series(StrEnum):
    """Where a course of dosing sessions stands."""

    ORDERED = "ordered"
    UNDER_WAY = "under way"
    HELD = "held"
    FINISHED = "finished"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class Session(StrEnum):
    """Where one dosing session stands."""

    SCHEDULED = "scheduled"
    ARRIVED = "arrived"
    READY = "ready"
    HELD = "held"
    DOSING = "dosing"
    PEAK = "peak"
    RETURN = "return"
    STOPPED_EARLY = "stopped early"
    RECOVERY = "recovery"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"
    LEFT = "left against advice"
    TRANSFERRED = "transferred"


class FollowUp(StrEnum):
    """Where the watching after a dose stands."""

    WAITING = "waiting"
    OPEN = "open"
    OUT_OF_REACH = "out of reach"
    CLOSED = "closed"
    DECLINED = "declined"


Row = dict[StrEnum, frozenset[Need]]
Steps = Mapping[StrEnum, Row]


def _on(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


# Anyone may be lost, referred on or die at any stage; whoever has said yes may withdraw.
_LEAVE: Row = {
    Episode.REFERRED_ON: _on(Need.REASON),
    Episode.LOST: _on(Need.REASON),
    Episode.DIED: _on(),
}
_BEFORE: Row = _LEAVE | {
    Episode.DECLINED: _on(),
    Episode.NOT_ELIGIBLE: _on(Need.PRESCRIBER, Need.REASON),
}
_AGREED: Row = _BEFORE | {Episode.WITHDRAWN: _on()}
_DURING: Row = _LEAVE | {
    Episode.WITHDRAWN: _on(),
    Episode.COMPLETED: _on(Need.RESULT_REVIEW),
    Episode.PLANNED: _on(Need.CLEARANCE, Need.PLAN),
}
_AGAIN = _on(Need.CLEARANCE, Need.CONSENT, Need.BASELINE, Need.ORDER)
_HELD_BACK = _on(Need.REASON)

SOURCE, MARK = ("design of an episode of care",), "P"

EPISODE: Steps = {
    Episode.REFERRED: _BEFORE | {Episode.SCREENING: _on(Need.REFERRAL)},
    Episode.SCREENING: _BEFORE | {Episode.ELIGIBLE: _on(Need.CLEARANCE)},
    Episode.ELIGIBLE: _BEFORE
    | {Episode.SCREENING: _HELD_BACK, Episode.PLANNED: _on(Need.CLEARANCE, Need.PLAN)},
    Episode.PLANNED: _BEFORE
    | {Episode.SCREENING: _HELD_BACK, Episode.CONSENTED: _on(Need.CLEARANCE, Need.CONSENT)},
    Episode.CONSENTED: _AGREED
    | {
        Episode.SCREENING: _HELD_BACK,
        Episode.PLANNED: _HELD_BACK,
        Episode.PREPARED: _on(Need.CONSENT, Need.PREPARATION),
    },
    Episode.PREPARED: _AGREED
    | {
        Episode.SCREENING: _HELD_BACK,
        Episode.PLANNED: _HELD_BACK,
        Episode.IN_SERIES: _AGAIN | {Need.PREPARATION},
    },
    Episode.IN_SERIES: _DURING
    | {Episode.PAUSED: _HELD_BACK, Episode.MAINTENANCE: _on(Need.RESULT_REVIEW)},
    Episode.PAUSED: _DURING
    | {
        Episode.IN_SERIES: _AGAIN,
        Episode.MAINTENANCE: _on(Need.CLEARANCE, Need.RESULT_REVIEW),
        Episode.NOT_ELIGIBLE: _on(Need.PRESCRIBER, Need.REASON),
    },
    Episode.MAINTENANCE: _DURING | {Episode.PAUSED: _HELD_BACK, Episode.IN_SERIES: _AGAIN},
    **{
        end: {}
        for end in (
            Episode.COMPLETED,
            Episode.DECLINED,
            Episode.NOT_ELIGIBLE,
            Episode.REFERRED_ON,
            Episode.WITHDRAWN,
            Episode.LOST,
            Episode.DIED,
        )
    },
}

SERIES: Steps = {
    Series.ORDERED: {
        Series.UNDER_WAY: _on(Need.FIRST_DOSE),
        Series.HELD: _HELD_BACK,
        Series.CANCELLED: _HELD_BACK,
    },
    Series.UNDER_WAY: {
        Series.HELD: _HELD_BACK,
        Series.FINISHED: _on(Need.RESULT_REVIEW),
        Series.STOPPED: _HELD_BACK,
    },
    Series.HELD: {
        Series.ORDERED: _on(Need.PRESCRIBER, Need.REASON, Need.CLEARANCE),
        Series.UNDER_WAY: _on(Need.PRESCRIBER, Need.REASON, Need.CLEARANCE, Need.FIRST_DOSE),
        Series.STOPPED: _HELD_BACK,
        Series.CANCELLED: _HELD_BACK,
    },
    Series.FINISHED: {},
    Series.STOPPED: {},
    Series.CANCELLED: {},
}

_START = _on(
    Need.CLEARANCE,
    Need.ORDER,
    Need.CONSENT_TODAY,
    Need.READINESS,
    Need.WEIGHT_TODAY,
    Need.TWO_PEOPLE,
)
# Recording is never blocked: a dose given out of order is charted as it happened.
_GIVEN_ANYWAY: Row = {Session.DOSING: _on(Need.DEVIATION)}
_NOT_TODAY: Row = {Session.CANCELLED: _HELD_BACK, Session.TRANSFERRED: _on(Need.HANDOVER)}
# After a dose a person rests, is handed over or leaves; no paper and no drug count holds them.
_AFTER: Row = {
    Session.RECOVERY: _on(),
    Session.LEFT: _on(Need.RISK_EXPLAINED),
    Session.TRANSFERRED: _on(Need.HANDOVER),
}
_STOP: Row = {Session.STOPPED_EARLY: _HELD_BACK}

SESSION: Steps = {
    Session.SCHEDULED: _GIVEN_ANYWAY
    | {Session.ARRIVED: _on(Need.IDENTITY), Session.CANCELLED: _HELD_BACK},
    Session.ARRIVED: _GIVEN_ANYWAY
    | _NOT_TODAY
    | {Session.READY: _on(Need.READINESS, Need.CONSENT_TODAY), Session.HELD: _HELD_BACK},
    Session.READY: _NOT_TODAY | {Session.DOSING: _START, Session.HELD: _HELD_BACK},
    Session.HELD: _GIVEN_ANYWAY
    | _NOT_TODAY
    | {Session.READY: _on(Need.PRESCRIBER, Need.REASON, Need.READINESS, Need.CONSENT_TODAY)},
    Session.DOSING: _AFTER
    | _STOP
    | {Session.PEAK: _on(Need.DOSE_GIVEN), Session.RETURN: _on(Need.DOSE_GIVEN)},
    Session.PEAK: _AFTER | _STOP | {Session.RETURN: _on()},
    Session.RETURN: _AFTER | _STOP,
    Session.STOPPED_EARLY: _AFTER,
    Session.RECOVERY: {
        Session.DISCHARGED: _on(Need.RECOVERED, Need.SIGNED_OUT),
        Session.LEFT: _on(Need.RISK_EXPLAINED),
        Session.TRANSFERRED: _on(Need.HANDOVER),
    },
    Session.DISCHARGED: {},
    Session.CANCELLED: {},
    Session.LEFT: {},
    Session.TRANSFERRED: {},
}

FOLLOW_UP: Steps = {
    FollowUp.WAITING: {FollowUp.OPEN: _on(Need.FIRST_DOSE), FollowUp.CLOSED: _HELD_BACK},
    FollowUp.OPEN: {
        FollowUp.OUT_OF_REACH: _HELD_BACK,
        FollowUp.CLOSED: _HELD_BACK,
        FollowUp.DECLINED: _on(),
    },
    FollowUp.OUT_OF_REACH: {FollowUp.OPEN: _on(), FollowUp.CLOSED: _HELD_BACK},
    FollowUp.CLOSED: {},
    FollowUp.DECLINED: {FollowUp.OPEN: _on()},
}

LADDERS: Mapping[type[StrEnum], Steps] = {
    Episode: EPISODE,
    Series: SERIES,
    Session: SESSION,
    FollowUp: FOLLOW_UP,
}


def allowed(stage: StrEnum) -> frozenset[StrEnum]:
    """The stages that may follow this one; none after an end."""
    return frozenset(LADDERS[type(stage)][stage])


def step(present: StrEnum, following: StrEnum) -> frozenset[Need]:
    """What must be on record before the step is taken.

    Raises
    ------
    ForbiddenStep
        where no such step exists.
    """
    # Words of two ladders can be equal ("held"), so the type is compared as well.
    needs = LADDERS[type(present)][present].get(following)
    if needs is None or type(present) is not type(following):
        may = ", ".join(sorted(allowed(present))) or "nothing: it is an end"
        raise ForbiddenStep(f"{following} cannot follow {present}. What can: {may}.")
    return needs

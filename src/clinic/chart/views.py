"""Today and the chart."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic.adverse import duties as reports_due
from clinic.alerts import beats, contacts, hours, roster
from clinic.alerts import queries as alerts
from clinic.calendar import queries as calendar
from clinic.chart import drawing, momentary, momentary_drawing, scores, table
from clinic.dosing import queries as dosing
from clinic.episodes import queries as episodes
from clinic.intake import known as intake
from clinic.measures import due as measures_due
from clinic.measures import held, waiting
from clinic.measures import queries as measures
from clinic.measures.own_words import MOMENT
from clinic.measures.waiting import Section
from clinic.people import access
from clinic.people.gate import ClinicRequest
from clinic.pharmacy import queries as pharmacy
from clinic.planning import course as courses
from clinic.planning import queries as planning
from clinic.planning import renewal, standing
from clinic.planning import waiting as series_waiting
from clinic.planning.models import Order
from clinic.readying import queries as readying
from clinic.therapy import incidents, recovery
from clinic.therapy import queries as therapy

GAPS_SHOWN_FOR = timedelta(days=1)
LISTED = 50  # occasions of a section that is not opened whole


def today(request: ClinicRequest) -> HttpResponse:
    """Staff home: what needs somebody now."""
    now = timezone.now()
    morning = hours.tonight(now)
    shown: dict[str, object] = {
        "now": now,
        "on_call": roster.on_call(now),
        "morning": morning,
        "uncovered_from": roster.uncovered_from(now, morning) if morning else None,
        "gaps": beats.gaps(now - GAPS_SHOWN_FOR),
        "on_shift": calendar.on_shift(now),
        "sessions": [
            session
            for session in dosing.open_sessions()
            if access.may(request.actor, "see_session", session.patient)
        ],
    }
    shown |= _after_a_dose(request, now)
    shown |= {
        "second_signatures": _second_signatures(request),
        "medicines": intake.medicines_waiting(access.reach(request.actor, "check_medicine")),
    }
    shown |= _around_a_visit(request, now)
    shown |= _for_decision(request, now) | _incidents(request)
    shown["recovery"] = _recovery(request)
    if access.may(request.actor, "see_register"):
        rows, sums = pharmacy.register()
        shown |= {
            "draws": pharmacy.open_among(rows, sums),
            "uncovered": pharmacy.uncovered(sums),
            "differences": pharmacy.differences(rows, sums),
        }
    shown |= _reports(request)
    if access.may(request.actor, "see_alerts"):
        shown["inbox"] = alerts.inbox(now)
        shown["contacts"] = contacts.waiting_everywhere()
    return render(request, "chart/today.html", shown)


def _reports(request: ClinicRequest) -> dict[str, object]:
    """What is due to somebody about adverse events and sessions, the soonest first."""
    reached = access.reach(request.actor, "report_adverse")
    found = list(reports_due.waiting().filter(patient__in=reached)[: LISTED + 1])
    return {
        "reports": [(duty, reports_due.row_of(duty)) for duty in found[:LISTED]],
        "more_reports": len(found) > LISTED,
    }


def _second_signatures(request: ClinicRequest) -> list[Order]:
    """Orders that wait for somebody like the one who reads this; never one of their own."""
    return [
        order
        for order in planning.waiting_everywhere()
        if order.signed_by_id != request.user.pk
        and access.may(request.actor, "second_sign_order", order.patient)
    ]


def _after_a_dose(request: ClinicRequest, now: datetime) -> dict[str, object]:
    """What waits for staff, cut where it is long; `all` names the section that is shown whole."""
    whole = request.GET.get("all")
    most = {each: None if each == whole else LISTED for each in Section}
    reached = access.reach(request.actor, "record_check_in")
    due = waiting.of_everybody(reached, now, most)
    return {
        "whole": whole,
        "check_ins": due[Section.CALLS],
        "questionnaires": due[Section.QUESTIONNAIRES],
        "baselines": due[Section.BASELINES],
    }


def _around_a_visit(request: ClinicRequest, now: datetime) -> dict[str, object]:
    """What is not made ready before a dose, and the visit that is due after one."""
    return {
        "not_ready": [
            each
            for each in readying.not_ready(now)
            if access.may(request.actor, "make_ready", each.session.patient)
        ],
        "integrations": [
            each
            for each in therapy.integration_due_everywhere(now)
            if access.may(request.actor, "write_integration", each.patient)
        ],
    }


def _recovery(request: ClinicRequest) -> recovery.Asks | None:
    """What is asked of this reader until both recovery sheets of private notes are printed."""
    if not access.may(request.actor, "hold_recovery_sheet"):
        return None
    may_name = access.may(request.actor, "name_recovery_pair")
    return recovery.asks(request.user, may_name=may_name)


def _incidents(request: ClinicRequest) -> dict[str, object]:
    """Which incidents need a reviewer, or have one named, and which are one's own to review."""
    found = [(each, incidents.reviewer(each)) for each in incidents.open_everywhere()]
    actor = request.actor
    return {
        "to_name": [
            (each, named)
            for each, named in found
            if access.may(actor, "name_reviewer", each.patient)
        ],
        "to_review": [
            each
            for each, named in found
            if named
            and named.user_id == request.user.pk
            and access.may(actor, "review_incident", each.patient)
        ],
    }


def _for_decision(request: ClinicRequest, now: datetime) -> dict[str, object]:
    """What waits for a prescriber, a new signature, or somebody who asks how touch was."""
    actor, reach, whole = request.actor, access.reach, request.GET.get("all")

    def most(name: str) -> int | None:
        return None if name == whole else LISTED

    return {
        "series": series_waiting.everywhere(reach(actor, "open_chart"), now, most("series")),
        "consents": renewal.everywhere(reach(actor, "take_consent"), now, most("consents")),
        "standing_orders": (
            standing.to_see_to(now) if access.may(actor, "sign_standing_order") else ()
        ),
        "touch_to_ask": [
            each
            for each in therapy.touch_to_ask(now)
            if access.may(request.actor, "ask_touch", each.episode.patient)
        ],
    }


def inbox(request: ClinicRequest) -> HttpResponse:
    """The alert inbox alone, fetched again while Today is open."""
    now = timezone.now()
    return render(request, "chart/_inbox.html", {"now": now, "inbox": alerts.inbox(now)})


def chart(request: ClinicRequest) -> HttpResponse:
    """One person's record: who, alerts, scores over time with a table beside."""
    now = timezone.now()
    responses = measures.responses(request.patient)
    doses = episodes.doses(request.patient)
    by_link = any(row.assignment_id for row in responses)
    helpers = measures.helpers(request.patient) if by_link else {}
    missed = measures_due.missed(request.patient, now)
    around = momentary.spans(responses, doses, missed)
    shown = {
        "now": now,
        "patient": request.patient,
        "helpers": helpers,
        "spans": [(span, momentary_drawing.svg(span)) for span in around],
        "moments": [row for row in reversed(responses) if row.instrument == MOMENT],
        "inbox": alerts.inbox(now, request.patient),
        "contacts": contacts.waiting_of(request.patient),
        "consent_again": renewal.of(request.patient, now),
        "series_waits": courses.waits(request.patient, now),
        "plots": [
            (plot, drawing.svg(plot), table.rows(plot.course, helpers))
            for plot in scores.plots(responses, doses, missed)
        ],
        "judged": scores.judged(responses),
        "doses": doses,
        "waiting": measures.waiting(request.patient, now),
        "enterable": held.of_the_schedule(),
        "may_send": access.may(request.actor, "send_questionnaire", request.patient),
    }
    return render(request, "chart/chart.html", shown)

"""Whether what nurses charted stands as a whole: each event once, with its audit and its alarms."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tests.faults.nurses import Nurse, plain
from tests.faults.ward import Ward


def lost(ward: Ward, acknowledged: Mapping[str, int]) -> set[str]:
    """The acknowledged events that do not stand under their number."""
    rows = ward.rows("SELECT id, number FROM dosing_sessionevent")
    held = {plain(id_): number for id_, number in rows}
    return {id_ for id_, number in acknowledged.items() if held.get(plain(id_)) != number}


def check_whole(ward: Ward, nurses: Iterable[Nurse]) -> None:
    """Every acknowledged event once, under its number, with its audit; nothing half."""
    acknowledged: dict[str, int] = {}
    refused: set[str] = set()
    for nurse in nurses:
        assert not nurse.problems
        acknowledged |= nurse.acknowledged
        refused |= nurse.refused
    rows = ward.rows("SELECT id, session_id, number, kind FROM dosing_sessionevent")
    held = {plain(id_): number for id_, _, number, _ in rows}
    assert not lost(ward, acknowledged)
    assert not {plain(each) for each in refused} & held.keys(), "refused, and charted all the same"
    for where in ward.sessions:
        numbers = sorted(n for _, session, n, _ in rows if plain(session) == plain(where["id"]))
        assert numbers == list(range(1, len(numbers) + 1))
    audited = ward.rows(
        "SELECT subject FROM people_auditentry WHERE action LIKE 'session %' "
        "AND subject LIKE 'dosing.SessionEvent:%'"
    )
    told = Counter(plain(subject.rpartition(":")[2]) for (subject,) in audited)
    assert told == Counter(held.keys())
    _alarms_whole(ward)


def _alarms_whole(ward: Ward) -> None:
    """Each alarm with its audit line, its alert, and somebody who is told."""
    raised = ward.rows("SELECT id, tier, alert_id FROM dosing_raisedalarm")
    audited = ward.rows("SELECT subject FROM people_auditentry WHERE action = 'raise_alarm'")
    told = Counter(plain(subject.rpartition(":")[2]) for (subject,) in audited)
    assert told == Counter(plain(id_) for id_, _, _ in raised)
    calling = ward.rows("SELECT DISTINCT alert_id FROM alerts_delivery")
    recipients = {plain(alert) for (alert,) in calling if alert}
    assert all(plain(alert) in recipients for _, tier, alert in raised if tier != "A1")
    standing = ward.rows(
        "SELECT r.session_id, r.rule, r.band, r.tier, count(*) FROM dosing_raisedalarm r "
        "WHERE NOT EXISTS (SELECT 1 FROM dosing_alarmstep s WHERE s.alarm_id = r.id "
        "AND s.kind = 'ended') GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
    )
    assert not standing, "one alarm stands twice"

"""TCH-03, held by the database: from a dose until the person leaves, touch is only made less.

Whatever code writes, an agreement that allows more than the one before it is refused, and so is a
row added to an agreement that is complete. On SQLite a later migration that changes one of these
tables lifts the law first and puts it back after: a table made anew loses its triggers.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# A drug that acts on this person now.
_ACTS = """
SELECT 1 FROM therapy_drugacts acts WHERE acts.patient_id = {patient}
AND NOT EXISTS (SELECT 1 FROM therapy_wornoff gone WHERE gone.acts_id = acts.session_id)
"""
_ACTS_SINCE = _ACTS + "AND acts.since > {at}"
# An agreement that allows anything, while a drug acts, must stand in for one that allowed as much.
_WIDER = f"""
NEW.touch_count > 0 AND EXISTS ({_ACTS.format(patient="NEW.patient_id")}) AND (
EXISTS ({_ACTS_SINCE.format(patient="NEW.patient_id", at="NEW.agreed_at")})
OR NOT EXISTS (
SELECT 1 FROM therapy_touchagreement held WHERE held.id = NEW.replaces_id
AND held.patient_id = NEW.patient_id
AND (NEW.over_clothing OR NOT held.over_clothing)
AND (held.longest_s IS NULL OR NEW.longest_s <= held.longest_s)
AND NEW.position = held.position AND NEW.wishes_who = held.wishes_who
AND NEW.manner = held.manner))
"""  # noqa: S608 - made of the constants of this file alone
_AGREEMENT = "SELECT {what} FROM therapy_touchagreement WHERE id = NEW.agreement_id"
_TOO_MANY = f"""
(SELECT COUNT(*) FROM therapy_allowedtouch held WHERE held.agreement_id = NEW.agreement_id)
>= COALESCE(({_AGREEMENT.format(what="touch_count")}), 0)
"""  # noqa: S608 - as above
_WHO, _WHEN = (f"({_AGREEMENT.format(what=what)})" for what in ("patient_id", "agreed_at"))
_MORE = f"""
EXISTS ({_ACTS.format(patient=_WHO)}) AND (
EXISTS ({_ACTS_SINCE.format(patient=_WHO, at=_WHEN)})
OR NOT EXISTS (
SELECT 1 FROM therapy_allowedtouch held
WHERE held.agreement_id = ({_AGREEMENT.format(what="replaces_id")})
AND held.touch = NEW.touch AND held.staff_id = NEW.staff_id))
"""  # noqa: S608 - made of the constants of this file alone
# table → when a row is refused, and the words
_LAWS = {
    "therapy_touchagreement": (
        ("NEW.touch_count IS NULL", "a touch agreement says how many touches it holds"),
        (_WIDER, "touch is never widened while a drug acts"),
    ),
    "therapy_allowedtouch": (
        (_TOO_MANY, "nothing is added to a touch agreement"),
        (_MORE, "touch is never widened while a drug acts"),
    ),
}
_SQLITE = """
CREATE TRIGGER {table}_law_{number} BEFORE INSERT ON {table} WHEN {refused}
BEGIN SELECT RAISE(ABORT, '{words}'); END
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION {table}_law_{number}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF {refused} THEN RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF;
RETURN NEW;
END $$;
CREATE TRIGGER {table}_law_{number} BEFORE INSERT ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_law_{number}();
"""


def _each() -> list[tuple[str, int, str, str]]:
    return [
        (table, number, refused, words)
        for table, laws in _LAWS.items()
        for number, (refused, words) in enumerate(laws, 1)
    ]


def _put(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    shape = _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRES
    for table, number, refused, words in _each():
        told = shape.format(table=table, number=number, refused=refused, words=words)
        editor.execute(told, None)


def _lift(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    on_table = "" if editor.connection.vendor == "sqlite" else " ON {table}"
    for table, number, _, _ in _each():
        editor.execute(f"DROP TRIGGER {table}_law_{number}" + on_table.format(table=table))


def put() -> migrations.RunPython:
    """The step that puts the law in place."""
    return migrations.RunPython(_put, _lift)


def lift() -> migrations.RunPython:
    """The step before a change of these tables; `put` follows it."""
    return migrations.RunPython(_lift, _put)

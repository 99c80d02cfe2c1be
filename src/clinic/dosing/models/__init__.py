"""What the room keeps, one noun a file."""

from clinic.dosing.models.alarms import AlarmStep, AlarmStepKind, RaisedAlarm
from clinic.dosing.models.consoles import ConsoleBeat, OfflineName, Sound
from clinic.dosing.models.discharge import DischargeStep, DischargeStepKind
from clinic.dosing.models.doses import DoseCheck, DoseEntry
from clinic.dosing.models.events import SessionEvent
from clinic.dosing.models.monitors import Monitor
from clinic.dosing.models.sessions import DosingSession, SessionStep

__all__ = [
    "AlarmStep",
    "AlarmStepKind",
    "ConsoleBeat",
    "DischargeStep",
    "DischargeStepKind",
    "DoseCheck",
    "DoseEntry",
    "DosingSession",
    "Monitor",
    "OfflineName",
    "RaisedAlarm",
    "SessionEvent",
    "SessionStep",
    "Sound",
]

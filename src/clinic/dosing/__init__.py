"""The live session: readiness, the two-person dose, vital signs, alarms, recovery, discharge."""

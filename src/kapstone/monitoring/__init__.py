"""Beside the chair: vital signs and their age, alarms, readings due, recovery and discharge.

The tables of this room (`parameters`, `alarms`, `schedules`, `discharge`, each a JSON file) are a
draft that no clinician has reviewed. It is a secondary display: it replaces no bedside monitor.
Any moment a caller gives is an aware datetime; the room counts in UTC.
"""

"""The dosing days of the room below."""

from tests.clinic.dosing.conftest import _quick_passwords, devices, im

__all__ = ["_quick_passwords", "devices", "im"]

"""Writes of the room: one function an event, each with its audit row."""

from clinic.planning.actions.care import move_care
from clinic.planning.actions.consents import reconfirm_consent, sign_consent, withdraw_consent
from clinic.planning.actions.orders import cancel_order, second_sign_order, sign_order
from clinic.planning.actions.plans import save_plan

__all__ = [
    "cancel_order",
    "move_care",
    "reconfirm_consent",
    "save_plan",
    "second_sign_order",
    "sign_consent",
    "sign_order",
    "withdraw_consent",
]

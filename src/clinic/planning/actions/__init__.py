"""Writes of the room: one function an event, each with its audit row."""

from clinic.planning.actions.care import move_care
from clinic.planning.actions.consents import reconfirm_consent, sign_consent, withdraw_consent
from clinic.planning.actions.orders import cancel_order, second_sign_order, sign_order
from clinic.planning.actions.plans import save_plan
from clinic.planning.actions.requests import record_take_home
from clinic.planning.actions.series import NothingWaits, allow_closer, decide_series
from clinic.planning.actions.standing import (
    sign_standing_order,
    type_standing_order,
    withdraw_standing_order,
)

__all__ = [
    "NothingWaits",
    "allow_closer",
    "cancel_order",
    "decide_series",
    "move_care",
    "reconfirm_consent",
    "record_take_home",
    "save_plan",
    "second_sign_order",
    "sign_consent",
    "sign_order",
    "sign_standing_order",
    "type_standing_order",
    "withdraw_consent",
    "withdraw_standing_order",
]

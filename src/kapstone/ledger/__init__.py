"""The controlled-drug ledger: every milligram drawn = given + wasted + left."""

from kapstone.ledger.balances import Balances, CountResult, DrawBalance, VialBalance
from kapstone.ledger.chain import GENESIS, entry_as_json, export, link
from kapstone.ledger.entries import (
    Count,
    Draw,
    Entry,
    Given,
    Receipt,
    Reversal,
    Variance,
    VialWaste,
    Waste,
)
from kapstone.ledger.reading import read_export
from kapstone.ledger.replaying import replay
from kapstone.ledger.signs import (
    FAR,
    OFF_SHIFT,
    PAIR,
    SIGNS,
    VARIANCE,
    WASTE,
    Found,
    OnShift,
    Sign,
    signs,
)

__all__ = [
    "FAR",
    "GENESIS",
    "OFF_SHIFT",
    "PAIR",
    "SIGNS",
    "VARIANCE",
    "WASTE",
    "Balances",
    "Count",
    "CountResult",
    "Draw",
    "DrawBalance",
    "Entry",
    "Found",
    "Given",
    "OnShift",
    "Receipt",
    "Reversal",
    "Sign",
    "Variance",
    "VialBalance",
    "VialWaste",
    "Waste",
    "entry_as_json",
    "export",
    "link",
    "read_export",
    "replay",
    "signs",
]

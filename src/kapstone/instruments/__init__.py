"""Questionnaires: structure, scoring, bands, watched items, thresholds of change.

Held as versioned data, with labels of our own. An instrument's wording is never stored here.
"""

from kapstone.instruments.definition import Instrument
from kapstone.instruments.loading import ids, load
from kapstone.instruments.scoring import Alert, ScoredResponse, score

__all__ = ["Alert", "Instrument", "ScoredResponse", "ids", "load", "score"]

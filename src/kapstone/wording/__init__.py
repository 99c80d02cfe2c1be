"""Wording that a clinic imports: a file → what it asks → matched to an instrument.

Structure, values and scoring stay those of `kapstone.instruments`: a file brings words alone.
"""

from kapstone.wording.answers import How
from kapstone.wording.draft import LARGEST_BYTES, Draft
from kapstone.wording.matching import Line, Match, match
from kapstone.wording.reading import read

__all__ = ["LARGEST_BYTES", "Draft", "How", "Line", "Match", "match", "read"]

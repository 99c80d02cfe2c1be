"""Every row of clinical content of this release as one value, for a clinic to read and to sign.

The rows come from the rooms that hold them; nothing is read a second time. No clinician has
reviewed them.
"""

from kapstone.content.listing import ROOMS, references, rows, rule_row
from kapstone.content.row import ContentRow, Marked, made, row

__all__ = ["ROOMS", "ContentRow", "Marked", "made", "references", "row", "rows", "rule_row"]

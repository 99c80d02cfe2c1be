"""What of a private psychotherapy note belongs in the chart. Source: protocol 10.5, PRV-01."""

from kapstone.notes.looking import Found, belongs_elsewhere
from kapstone.notes.rows import Belonging, content

__all__ = ["Belonging", "Found", "belongs_elsewhere", "content"]

"""The room's tables."""

from clinic.alerts.beats import LoopBeat, LoopGap

__all__ = ["LoopBeat", "LoopGap"]

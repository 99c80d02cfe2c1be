"""Adverse events, what is due about them, the monitoring form, leaving against advice."""

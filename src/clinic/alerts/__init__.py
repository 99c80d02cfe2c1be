"""Alerts that reach a person, and the proof that they are being delivered."""

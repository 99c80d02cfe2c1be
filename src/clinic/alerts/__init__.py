"""Alerts: raised, owned, acknowledged, escalated, delivered, closed with an outcome."""

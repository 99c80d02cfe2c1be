"""Referral facts, history, screening, clearance."""

"""Accounts of people in care."""

"""Appointments, rooms, and who is on shift."""

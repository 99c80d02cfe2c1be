"""The room's registration with Django."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Appointments and shifts."""

    name = "clinic.calendar"

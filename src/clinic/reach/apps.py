"""The room's registration with Django."""

from django.apps import AppConfig


class ReachConfig(AppConfig):
    """How messages leave, and how people may be reached."""

    name = "clinic.reach"

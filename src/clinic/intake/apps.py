"""The room's registration with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """History, screening, clearance."""

    name = "clinic.intake"

"""The room's registration with Django."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Plan, consent and order."""

    name = "clinic.planning"

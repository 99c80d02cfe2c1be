"""The room's registration with Django."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Questionnaires."""

    name = "clinic.measures"

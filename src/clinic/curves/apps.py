"""The room's registration with Django."""

from django.apps import AppConfig


class CurvesConfig(AppConfig):
    """Predicted curves."""

    name = "clinic.curves"

"""The room's registration with Django."""

from django.apps import AppConfig


class TherapyConfig(AppConfig):
    """Preparation, integration and private notes."""

    name = "clinic.therapy"

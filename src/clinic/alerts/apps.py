"""The room's registration with Django."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """What must reach a person."""

    name = "clinic.alerts"

"""The room's registration with Django."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Alerts and the loop's beats."""

    name = "clinic.alerts"
    default_auto_field = "django.db.models.BigAutoField"

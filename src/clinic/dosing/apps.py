"""The room's registration with Django."""

from django.apps import AppConfig


class DosingConfig(AppConfig):
    """Dosing sessions."""

    name = "clinic.dosing"

"""The room's registration with Django."""

from django.apps import AppConfig


class ReadyingConfig(AppConfig):
    """Before the visit."""

    name = "clinic.readying"

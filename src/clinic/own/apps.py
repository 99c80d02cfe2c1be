"""The room's registration with Django."""

from django.apps import AppConfig


class OwnConfig(AppConfig):
    """What is a person's own."""

    name = "clinic.own"

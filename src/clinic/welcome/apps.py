"""The room's registration with Django."""

from django.apps import AppConfig


class WelcomeConfig(AppConfig):
    """Accounts of people in care."""

    name = "clinic.welcome"

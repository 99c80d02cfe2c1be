"""The room's registration with Django."""

from django.apps import AppConfig


class InteropConfig(AppConfig):
    """Referrals in."""

    name = "clinic.interop"

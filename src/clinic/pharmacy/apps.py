"""The room's registration with Django."""

from django.apps import AppConfig


class PharmacyConfig(AppConfig):
    """The controlled-drug register."""

    name = "clinic.pharmacy"

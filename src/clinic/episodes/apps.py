"""The room's registration with Django."""

from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    """Episodes of care."""

    name = "clinic.episodes"

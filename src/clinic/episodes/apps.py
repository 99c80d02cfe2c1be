"""The room's registration with Django."""

from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    """Episodes of care."""

    name = "clinic.episodes"

    def ready(self) -> None:
        """Tell alerts how to see whether somebody died."""
        from clinic.alerts import contacts
        from clinic.episodes import queries

        contacts.died_by(queries.has_died)

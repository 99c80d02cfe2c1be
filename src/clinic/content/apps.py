"""The room's registration with Django."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Clinical content and its signatures."""

    name = "clinic.content"

    def ready(self) -> None:
        """Keep real people out while the clinic is in demonstration mode."""
        from clinic.content import queries
        from clinic.people import admission

        admission.asks(queries.why_no_real_person)

"""The room's registration with Django."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    """Safety plans."""

    name = "clinic.safety"

    def ready(self) -> None:
        """Tell alerts how to see whether a plan was made."""
        from clinic.alerts import plans
        from clinic.safety import queries

        plans.told_by(queries.kept_since)

"""The room's registration with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """History, screening, clearance."""

    name = "clinic.intake"

    def ready(self) -> None:
        """Tell the room of questionnaires who stood at risk, so that a silence is heard."""
        from clinic.intake import suicide
        from clinic.measures import worrying

        worrying.screened_by(suicide.stood_at_risk)

"""The room's registration with Django."""

from django.apps import AppConfig


class AdverseConfig(AppConfig):
    """Adverse events."""

    name = "clinic.adverse"

    def ready(self) -> None:
        """Hear of doses, and say at the door whether the monitoring form is open."""
        from clinic.adverse import monitoring
        from clinic.dosing import doses_given, leaving

        doses_given.followed_by(monitoring.follow_dose)
        leaving.also_asked(monitoring.at_the_door)

"""The room's registration with Django."""

from django.apps import AppConfig


class AdverseConfig(AppConfig):
    """Adverse events."""

    name = "clinic.adverse"

    def ready(self) -> None:
        """Hear of doses and lines, and say at the door whether the monitoring form is open."""
        from clinic.adverse import again, monitoring
        from clinic.dosing import actions, doses_given, leaving

        actions.followed_by(again.line_moved)
        doses_given.followed_by(monitoring.follow_dose)
        leaving.also_asked(monitoring.at_the_door)

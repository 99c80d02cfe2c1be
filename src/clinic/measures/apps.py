"""The room's registration with Django."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Questionnaires."""

    name = "clinic.measures"

    def ready(self) -> None:
        """Keep what is due in step with every episode."""
        from clinic.episodes import course
        from clinic.measures import follow_up

        course.followed_by(follow_up.keep_in_step)

"""The room's registration with Django."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Questionnaires."""

    name = "clinic.measures"

    def ready(self) -> None:
        """Keep what is due in step with every episode, and with what people wish."""
        from clinic.episodes import course
        from clinic.measures import follow_up
        from clinic.people import heard

        course.followed_by(follow_up.keep_in_step)
        heard.followed_by(follow_up.keep_wished)

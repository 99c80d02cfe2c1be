"""The room's registration with Django."""

from django.apps import AppConfig


class DosingConfig(AppConfig):
    """Dosing sessions."""

    name = "clinic.dosing"

    def ready(self) -> None:
        """Hear when care ends."""
        from clinic.dosing import care_over
        from clinic.episodes import course

        course.followed_by(care_over.cancel_booked)

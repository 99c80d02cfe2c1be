"""The room's registration with Django."""

from django.apps import AppConfig


class DosingConfig(AppConfig):
    """Dosing sessions."""

    name = "clinic.dosing"

    def ready(self) -> None:
        """Tell the rooms before this one where a session stands, and hear when care ends."""
        from clinic.dosing import care_over, past, queries
        from clinic.episodes import course
        from clinic.planning import past as beside_the_order
        from clinic.therapy import phase

        phase.told_by(queries.phase_now)
        beside_the_order.told_by(past.charted)
        course.followed_by(care_over.cancel_booked)

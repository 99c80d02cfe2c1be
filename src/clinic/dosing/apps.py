"""The room's registration with Django."""

from django.apps import AppConfig


class DosingConfig(AppConfig):
    """Dosing sessions."""

    name = "clinic.dosing"

    def ready(self) -> None:
        """Tell the order's page how a session went, hear when care ends, and lay the list of the
        day beside the rest of the content.
        """
        from clinic.content import held
        from clinic.dosing import care_over, content_rows, past
        from clinic.episodes import course
        from clinic.planning import past as beside_the_order

        beside_the_order.told_by(past.charted)
        course.followed_by(care_over.cancel_booked)
        held.told_by(content_rows.rooms(), content_rows.rows)

"""The room's registration with Django."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Plan, consent and order."""

    name = "clinic.planning"

    def ready(self) -> None:
        """Lay the text of consent beside the rest of the content, to be read and signed."""
        from clinic.content import held
        from clinic.planning import content_rows

        held.told_by(content_rows.rooms(), content_rows.rows)

"""The room's registration with Django."""

from django.apps import AppConfig


class DosingConfig(AppConfig):
    """Dosing sessions."""

    name = "clinic.dosing"

    def ready(self) -> None:
        """Tell the rooms before this one where a session stands: they may not import it."""
        from clinic.dosing import queries
        from clinic.therapy import phase

        phase.told_by(queries.phase_now)

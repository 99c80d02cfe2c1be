"""The room's registration with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Patients, staff, access, audit."""

    name = "clinic.people"
    default_auto_field = "django.db.models.BigAutoField"

"""The room's registration with Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Wiring."""

    name = "clinic.site"
    label = "site_wiring"

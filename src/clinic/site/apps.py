"""The room's registration with Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Wiring."""

    name = "clinic.site"
    label = "site_wiring"

    def ready(self) -> None:
        """Register the checks that every command runs."""
        import clinic.site.startup  # noqa: F401 - importing registers them

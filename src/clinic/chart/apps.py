"""The room's registration with Django."""

from django.apps import AppConfig


class ChartConfig(AppConfig):
    """Today and the chart."""

    name = "clinic.chart"

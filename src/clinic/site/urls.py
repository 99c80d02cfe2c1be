"""Every address, by room."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="chart:today"), name="home"),
    path("", include("clinic.people.urls")),
    path("", include("clinic.alerts.urls")),
    path("", include("clinic.measures.urls")),
    path("", include("clinic.planning.urls")),
    path("", include("clinic.chart.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
]

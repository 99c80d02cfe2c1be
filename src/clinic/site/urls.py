"""Every address, by room."""

from django.urls import include, path
from django.views.generic import RedirectView

from clinic.site.health import healthz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="people:list"), name="home"),
    path("healthz", healthz, name="healthz"),
    path("", include("clinic.people.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
]

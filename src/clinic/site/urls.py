"""Every address, by room."""

from django.urls import include, path

from clinic.site import design
from clinic.site.health import healthz, loop_line
from clinic.site.landing import landing

handler403 = "clinic.site.errors.not_open"
handler404 = "clinic.site.errors.not_found"
handler429 = "clinic.site.errors.too_many"  # asked for by allauth
handler500 = "clinic.site.errors.failed"
urlpatterns = [
    path("", landing, name="home"),
    path("healthz", healthz, name="healthz"),
    path("loop-line/", loop_line, name="loop-line"),
    path("", include("clinic.people.urls")),
    path("", include("clinic.reach.urls")),
    path("", include("clinic.content.urls")),
    path("", include("clinic.alerts.urls")),
    path("", include("clinic.calendar.urls")),
    path("", include("clinic.measures.urls")),
    path("", include("clinic.welcome.urls")),
    path("", include("clinic.dosing.urls")),
    path("", include("clinic.readying.urls")),
    path("", include("clinic.own.urls")),
    path("", include("clinic.curves.urls")),
    path("", include("clinic.adverse.urls")),
    path("", include("clinic.therapy.urls")),
    path("", include("clinic.pharmacy.urls")),
    path("", include("clinic.intake.urls")),
    path("", include("clinic.planning.urls")),
    path("", include("clinic.safety.urls")),
    path("", include("clinic.interop.urls")),
    path("", include("clinic.chart.urls")),
    path("account/", include("allauth.account.urls")),
    path("design/", design.components, name="design"),
    path("account/2fa/", include("allauth.mfa.urls")),
]

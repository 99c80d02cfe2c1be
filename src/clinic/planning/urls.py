"""Addresses of the room."""

from django.urls import path

from clinic.planning import (
    care_views,
    consent_views,
    order_views,
    series_views,
    standing_views,
    views,
)

app_name = "planning"
urlpatterns = [
    path("standing-orders/", standing_views.overview, name="standing"),
    path("standing-orders/write/", standing_views.write, name="standing_write"),
    path("standing-orders/<uuid:series>/", standing_views.versions, name="standing_versions"),
    path("standing-orders/<uuid:series>/change/", standing_views.write, name="standing_change"),
    path("standing-orders/<uuid:order_id>/sign/", standing_views.sign, name="standing_sign"),
    path(
        "standing-orders/<uuid:order_id>/withdraw/",
        standing_views.withdraw,
        name="standing_withdraw",
    ),
    path("patients/<uuid:patient_id>/plan/", views.overview, name="overview"),
    path("patients/<uuid:patient_id>/plan/edit/", views.edit, name="edit"),
    path("patients/<uuid:patient_id>/consent/", consent_views.consent, name="consent"),
    path(
        "patients/<uuid:patient_id>/consent/<uuid:consent_id>/copy/",
        consent_views.copy,
        name="copy",
    ),
    path("patients/<uuid:patient_id>/order/", order_views.order, name="order"),
    path("patients/<uuid:patient_id>/order/sign/", order_views.sign, name="sign"),
    path(
        "patients/<uuid:patient_id>/order/<uuid:order_id>/",
        order_views.waiting,
        name="waiting",
    ),
    path(
        "patients/<uuid:patient_id>/order/<uuid:order_id>/second/",
        order_views.second,
        name="second",
    ),
    path(
        "patients/<uuid:patient_id>/order/<uuid:order_id>/cancel/",
        order_views.cancel,
        name="cancel",
    ),
    path("patients/<uuid:patient_id>/series/", series_views.series_page, name="series"),
    path("patients/<uuid:patient_id>/series/decide/", series_views.decide, name="decide"),
    path("patients/<uuid:patient_id>/series/closer/", series_views.closer, name="closer"),
    path("patients/<uuid:patient_id>/series/at-home/", series_views.take_home, name="take_home"),
    path("patients/<uuid:patient_id>/care/", care_views.care, name="care"),
    path("patients/<uuid:patient_id>/care/move/", care_views.move, name="move"),
]

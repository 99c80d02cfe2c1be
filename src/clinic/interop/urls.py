"""Addresses of the room."""

from django.urls import path

from clinic.interop import views

app_name = "interop"
urlpatterns = [
    path("referrals/new/", views.upload, name="upload"),
    path("referrals/<uuid:waiting_id>/whose/", views.whose, name="whose"),
    path("patients/<uuid:patient_id>/referrals/", views.referrals, name="referrals"),
    path(
        "patients/<uuid:patient_id>/referrals/left/<int:left_id>/settle/",
        views.settle,
        name="settle",
    ),
    path("patients/<uuid:patient_id>/export/", views.export, name="export"),
    path("patients/<uuid:patient_id>/referrals/new/", views.typed, name="typed"),
]

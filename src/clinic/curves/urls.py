"""Addresses of the room."""

from django.urls import path

from clinic.curves import views

app_name = "curves"
_S = "patients/<uuid:patient_id>/sessions/<uuid:session_id>/"

urlpatterns = [
    path("curves/", views.teaching, name="teaching"),
    path("patients/<uuid:patient_id>/plan/curve/", views.tried, name="tried"),
    path(_S + "curve/", views.session_page, name="session"),
    path(_S + "curve/again/", views.session_again, name="session_again"),
]

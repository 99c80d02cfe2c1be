"""Addresses of the room."""

from django.urls import path

from clinic.people import views

app_name = "people"
urlpatterns = [
    path("patients/", views.patient_list, name="list"),
    path("patients/new/", views.register, name="register"),
    path("patients/<uuid:patient_id>/", views.patient, name="patient"),
    path("patients/<uuid:patient_id>/edit/", views.edit, name="edit"),
    path("patients/<uuid:patient_id>/team/", views.team, name="team"),
]

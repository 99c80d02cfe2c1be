"""Addresses of the room."""

from django.urls import path

from clinic.reach import views

app_name = "reach"
urlpatterns = [
    path("patients/<uuid:patient_id>/reach/", views.patient, name="patient"),
    path("me/reach/", views.own, name="own"),
    path("account/reach/", views.staff, name="staff"),
    path("text-in/<str:secret>/", views.inbound, name="inbound"),
]

"""Addresses of the room."""

from django.urls import path

from clinic.readying import views

app_name = "readying"
urlpatterns = [
    path("me/visit/", views.own, name="own"),
    path("me/visit/<slug:line>/", views.own_help, name="own_help"),
    path("patients/<uuid:patient_id>/visit/", views.visit, name="visit"),
    path("patients/<uuid:patient_id>/visit/<slug:line>/", views.call, name="call"),
]

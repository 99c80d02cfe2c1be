"""Addresses of the room."""

from django.urls import path

from clinic.safety import views

app_name = "safety"
urlpatterns = [
    path("patients/<uuid:patient_id>/safety-plan/", views.plan, name="plan"),
    path("patients/<uuid:patient_id>/safety-plan/<int:version>/", views.plan, name="version"),
    path("patients/<uuid:patient_id>/safety-plan/make/", views.make, name="make"),
    path("patients/<uuid:patient_id>/safety-plan/paper/", views.paper, name="paper"),
    path("me/safety-plan/", views.own, name="own"),
]

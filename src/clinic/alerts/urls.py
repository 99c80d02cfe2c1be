"""Addresses of the room."""

from django.urls import path

from clinic.alerts import views

app_name = "alerts"
urlpatterns = [
    path("patients/<uuid:patient_id>/alerts/<uuid:alert_id>/", views.alert, name="alert"),
    path("patients/<uuid:patient_id>/alerts/<uuid:alert_id>/step/", views.step, name="step"),
    path("patients/<uuid:patient_id>/alerts/<uuid:alert_id>/close/", views.close, name="close"),
    path("patients/<uuid:patient_id>/contacts/<uuid:contact_id>/", views.contact, name="contact"),
]

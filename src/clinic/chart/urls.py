"""Addresses of the room."""

from django.urls import path

from clinic.chart import views

app_name = "chart"
urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/inbox/", views.inbox, name="inbox"),
    path("patients/<uuid:patient_id>/chart/", views.chart, name="chart"),
]

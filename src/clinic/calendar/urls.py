"""Addresses of the room."""

from django.urls import path

from clinic.calendar import views

app_name = "calendar"
urlpatterns = [
    path("shifts/", views.shifts, name="shifts"),
    path("shifts/put/", views.put, name="put"),
]

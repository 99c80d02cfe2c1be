"""Addresses of the room."""

from django.urls import path

from clinic.measures import phone, views

app_name = "measures"
urlpatterns = [
    path("patients/<uuid:patient_id>/questionnaires/ask/", views.ask, name="ask"),
    path("patients/<uuid:patient_id>/questionnaires/<slug:instrument>/", views.enter, name="enter"),
    path("q/<str:secret>/", phone.link, name="link"),
    path("q/<str:secret>/answer/", phone.answer, name="answer"),
    path("q/<str:secret>/review/", phone.review, name="review"),
    path("q/<str:secret>/thanks/", phone.thanks, name="thanks"),
    path("q/<str:secret>/help/", phone.help_now, name="help"),
]

"""Addresses of the room."""

from django.urls import path

from clinic.adverse import views, views_due, views_session

app_name = "adverse"
_P = "patients/<uuid:patient_id>/"
_S = _P + "sessions/<uuid:session_id>/"

urlpatterns = [
    path("adverse/", views.everywhere, name="everywhere"),
    path(_P + "adverse/", views.events, name="events"),
    path(_P + "adverse/new/", views.new, name="new"),
    path(_P + "adverse/<uuid:event_id>/", views.event, name="event"),
    path(_P + "adverse/<uuid:event_id>/correct/", views.correct, name="correct"),
    path(_P + "due/<uuid:duty_id>/", views_due.due, name="due"),
    path(_S + "adverse/", views.tap, name="tap"),
    path(_S + "adverse/ask/", views.ask, name="ask"),
    path(_S + "monitoring-form/", views_session.form, name="form"),
    path(_S + "monitoring-form/save/", views_session.save_form, name="save_form"),
    path(_S + "monitoring-form/pdf/", views_session.form_paper, name="form_paper"),
    path(_S + "left/", views_session.left, name="left"),
    path(_S + "record/", views_session.record, name="record"),
    path(_S + "record/pdf/", views_session.record_paper, name="record_paper"),
]

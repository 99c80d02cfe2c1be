"""Addresses of the room."""

from django.urls import path

from clinic.measures import calls, phone, phone_ways, sheets, views, wording_views

app_name = "measures"
urlpatterns = [
    path("patients/<uuid:patient_id>/questionnaires/ask/", views.ask, name="ask"),
    path("patients/<uuid:patient_id>/questionnaires/", sheets.every, name="instruments"),
    path(
        "patients/<uuid:patient_id>/questionnaires/<slug:instrument>/", sheets.enter, name="enter"
    ),
    path(
        "patients/<uuid:patient_id>/questionnaires/asked/<uuid:assignment_id>/link/",
        views.renew,
        name="renew",
    ),
    path(
        "patients/<uuid:patient_id>/questionnaires/asked/<uuid:assignment_id>/cancel/",
        views.cancel,
        name="cancel",
    ),
    path("patients/<uuid:patient_id>/answers/<uuid:response_id>/", sheets.read, name="response"),
    path(
        "patients/<uuid:patient_id>/answers/<uuid:response_id>/correct/",
        sheets.correct,
        name="correct",
    ),
    path("patients/<uuid:patient_id>/after/", calls.after, name="after"),
    path(
        "patients/<uuid:patient_id>/after/<uuid:item_id>/check-in/", calls.check_in, name="check_in"
    ),
    path("patients/<uuid:patient_id>/after/daily/", calls.wish, name="wish"),
    path("wording/", wording_views.wording, name="wording"),
    path("wording/<uuid:file_id>/", wording_views.match, name="wording_match"),
    path("wording/<uuid:imported_id>/withdraw/", wording_views.withdraw, name="wording_withdraw"),
    path("me/questionnaires/<uuid:assignment_id>/", calls.own, name="own"),
    path("me/help/", phone_ways.own_help, name="own_help"),
    path("me/language/", phone_ways.own_language, name="own_language"),
    path("me/daily/", calls.own_wish, name="own_wish"),
    path("q/<str:secret>/", phone.link, name="link"),
    path("q/<str:secret>/answer/", phone.answer, name="answer"),
    path("q/<str:secret>/review/", phone.review, name="review"),
    path("q/<str:secret>/thanks/", phone.thanks, name="thanks"),
    path("q/<str:secret>/help/", phone_ways.help_now, name="help"),
    path("q/<str:secret>/called/", phone_ways.called, name="called"),
    path("q/<str:secret>/language/", phone_ways.language, name="language"),
    path("q/<str:secret>/pace/", phone_ways.pace, name="pace"),
]

"""Addresses of the room."""

from django.urls import path

from clinic.intake import eligibility_views, list_views, report_views, views

app_name = "intake"
_PATIENT = "patients/<uuid:patient_id>"
urlpatterns = [
    path("overrides/", report_views.overrides, name="overrides"),
    path(f"{_PATIENT}/intake/", views.form, name="form"),
    path(f"{_PATIENT}/intake/<slug:section>/", views.section, name="section"),
    path(f"{_PATIENT}/pressures/", list_views.pressure, name="pressure"),
    path(f"{_PATIENT}/lists/<slug:which>/add/", list_views.add, name="add"),
    path(f"{_PATIENT}/lists/<slug:which>/whole/", list_views.whole, name="whole"),
    path(f"{_PATIENT}/lists/<slug:which>/<uuid:row_id>/strike/", list_views.strike, name="strike"),
    path(f"{_PATIENT}/medicines/<uuid:row_id>/check/", list_views.check, name="check"),
    path(f"{_PATIENT}/eligibility/", eligibility_views.eligibility, name="eligibility"),
    path(f"{_PATIENT}/eligibility/answer/", eligibility_views.answer, name="answer"),
    path(
        f"{_PATIENT}/eligibility/override/<slug:rule>/", eligibility_views.override, name="override"
    ),
    path(f"{_PATIENT}/eligibility/clear/", eligibility_views.clear, name="clear"),
    path(f"{_PATIENT}/facts/<uuid:row_id>/correct/", eligibility_views.correct, name="correct"),
]

"""Addresses of the room."""

from django.urls import path

from clinic.people import lock_views, own_views, staff_views, views

app_name = "people"
urlpatterns = [
    path("patients/", views.patient_list, name="list"),
    path("patients/new/", views.register, name="register"),
    path("patients/<uuid:patient_id>/", views.patient, name="patient"),
    path("patients/<uuid:patient_id>/edit/", views.edit, name="edit"),
    path("patients/<uuid:patient_id>/team/", views.team, name="team"),
    path("patients/<uuid:patient_id>/audit/", views.audit_trail, name="audit"),
    path("help/<slug:language>/", own_views.help_page, name="help"),
    path("me/", own_views.me, name="me"),
    path("account/", own_views.account, name="account"),
    path("account/pin/", own_views.pin, name="pin"),
    path("account/unlock/", lock_views.unlock, name="unlock"),
    path("account/awake/", lock_views.awake, name="awake"),
    path("staff/", staff_views.staff, name="staff"),
    path("staff/new/", staff_views.staff_new, name="staff_new"),
    path("staff/<int:staff_id>/", staff_views.staff_member, name="staff_member"),
    path("staff/<int:staff_id>/role/", staff_views.staff_role, name="staff_role"),
    path("staff/<int:staff_id>/licence/", staff_views.staff_licence, name="staff_licence"),
    path("staff/<int:staff_id>/duty/", staff_views.staff_duty, name="staff_duty"),
    path("staff/<int:staff_id>/sign-in/", staff_views.staff_sign_in, name="staff_sign_in"),
    path("staff/<int:staff_id>/leaves/", staff_views.staff_leaves, name="staff_leaves"),
]

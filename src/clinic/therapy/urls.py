"""Addresses of the room."""

from django.urls import path

from clinic.therapy import incident_views, private_views, recovery_views, touch_views, views

app_name = "therapy"
ABOUT = "patients/<uuid:patient_id>/therapy/"
urlpatterns = [
    path(ABOUT, views.therapy, name="therapy"),
    path(f"{ABOUT}prepare/", views.prepare, name="prepare"),
    path(f"{ABOUT}prepared/", views.complete, name="complete"),
    path(f"{ABOUT}touch/", touch_views.agree_touch, name="agree_touch"),
    path(f"{ABOUT}touch/less/", touch_views.narrow_touch, name="narrow_touch"),
    path(f"{ABOUT}touch/none/", touch_views.withdraw_touch, name="withdraw_touch"),
    path(f"{ABOUT}sessions/<uuid:session_id>/debrief/", views.debrief, name="debrief"),
    path(f"{ABOUT}sessions/<uuid:session_id>/touch/", touch_views.ask_touch, name="ask_touch"),
    path(f"{ABOUT}sessions/<uuid:session_id>/integration/", views.integrate, name="integrate"),
    path(f"{ABOUT}visits/<uuid:visit_id>/", views.correct_integration, name="correct_integration"),
    path(f"{ABOUT}incidents/<uuid:incident_id>/", incident_views.review, name="incident"),
    path(
        f"{ABOUT}incidents/<uuid:incident_id>/reviewer/",
        incident_views.name_reviewer,
        name="name_reviewer",
    ),
    path(f"{ABOUT}danger/", views.tell_danger, name="tell_danger"),
    path(f"{ABOUT}private/", private_views.private_notes, name="private_notes"),
    path(f"{ABOUT}private/hand/", private_views.hand_over, name="hand_over"),
    path("private-notes/recovery/", recovery_views.overview, name="recovery"),
    path("private-notes/recovery/name/", recovery_views.name_two, name="recovery_name"),
    path("private-notes/recovery/sheet/", recovery_views.print_sheet, name="recovery_sheet"),
    path("private-notes/recovery/open/", recovery_views.give_back, name="recovery_open"),
]

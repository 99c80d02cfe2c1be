"""Addresses of the room. Nothing here names a patient: a draw knows its dose by number alone."""

from django.urls import path

from clinic.pharmacy import entry_views, sign_views, views

app_name = "pharmacy"
urlpatterns = [
    path("register/", views.stock, name="stock"),
    path("register/signs/", sign_views.signs, name="signs"),
    path("register/receive/", entry_views.receive, name="receive"),
    path("register/vials/<uuid:vial_id>/", views.vial, name="vial"),
    path("register/vials/<uuid:vial_id>/count/", entry_views.count, name="count"),
    path("register/vials/<uuid:vial_id>/waste/", entry_views.waste_vial, name="waste_vial"),
    path("register/vials/<uuid:vial_id>/difference/", entry_views.variance, name="variance"),
    path("register/draws/<uuid:entry_id>/waste/", entry_views.waste_draw, name="waste_draw"),
    path("register/entries/<uuid:entry_id>/take-back/", entry_views.reverse, name="reverse"),
]

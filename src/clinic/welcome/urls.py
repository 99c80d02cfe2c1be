"""Addresses of the room."""

from django.urls import path

from clinic.welcome import phone, views

app_name = "welcome"
urlpatterns = [
    path("patients/<uuid:patient_id>/account/", views.account, name="account"),
    path("patients/<uuid:patient_id>/account/invite/", views.invite, name="invite"),
    path("patients/<uuid:patient_id>/account/withdraw/", views.withdraw, name="withdraw"),
    path("patients/<uuid:patient_id>/account/close/", views.close, name="close"),
    path("welcome/<str:secret>/", phone.link, name="link"),
    path("welcome/<str:secret>/begin/", phone.begin, name="begin"),
    path("welcome/<str:secret>/help/", phone.help_now, name="help"),
    path("welcome/<str:secret>/language/", phone.language, name="language"),
]

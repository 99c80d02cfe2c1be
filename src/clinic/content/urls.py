"""Addresses of the room."""

from django.urls import path

from clinic.content import views

app_name = "content"
urlpatterns = [
    path("content/", views.content, name="content"),
    path("content/sign/", views.sign, name="sign"),
    path("content/withdraw/<uuid:signature_id>/", views.withdraw, name="withdraw"),
    path("content/severity/<str:row_id>/", views.severity, name="severity"),
    path("content/limit/<str:row_id>/", views.limit, name="limit"),
    path("content/rows/<str:room>/", views.room, name="room"),
    path("content/rows/<str:room>/<str:row_id>/", views.row, name="row"),
]

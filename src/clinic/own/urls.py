"""Addresses of the room."""

from django.urls import path

from clinic.own import reading_views, story_views, views

app_name = "own"
urlpatterns = [
    path("me/journal/", views.journal, name="journal"),
    path("me/journal/save/", views.export, name="export"),
    path("me/journal/<uuid:writing_id>/", views.entry, name="entry"),
    path("me/journal/<uuid:writing_id>/share/", views.share, name="share"),
    path("me/journal/<uuid:writing_id>/delete/", views.delete, name="delete"),
    path("me/values/", views.values, name="values"),
    path("me/letters/", views.letters, name="letters"),
    path("me/letters/<uuid:writing_id>/open/", views.open_letter, name="open_letter"),
    path("me/intention/", views.intention, name="intention"),
    path("me/homework/", views.homework, name="homework"),
    path("me/homework/<uuid:visit_id>/", views.say_homework, name="say_homework"),
    path("me/stories/", story_views.stories, name="stories"),
    path("me/stories/<int:story_id>/", story_views.story, name="story"),
    path("me/reading/", reading_views.pages, name="reading"),
    path("me/reading/<slug:page_id>/", reading_views.page, name="page"),
    path(
        "patients/<uuid:patient_id>/sessions/<uuid:session_id>/story/",
        story_views.offer,
        name="offer",
    ),
]

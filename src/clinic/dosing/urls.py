"""Addresses of the room. `/live/` is served as async Django."""

from django.urls import path

from clinic.dosing import (
    live,
    views,
    views_alarms,
    views_board,
    views_book,
    views_consoles,
    views_discharge,
    views_dose,
    views_draw,
    views_help,
    views_presence,
    views_rules,
    views_sheets,
    views_today,
    views_withdraw,
)

app_name = "dosing"
_S = "patients/<uuid:patient_id>/sessions/<uuid:session_id>/"

urlpatterns = [
    path("sessions/board/", views_board.wall, name="board"),
    path("sessions/board/tiles/", views_board.tiles, name="board_tiles"),
    path("patients/<uuid:patient_id>/sessions/", views.session_list, name="sessions"),
    path("patients/<uuid:patient_id>/sessions/open/", views.open_session, name="open"),
    path("patients/<uuid:patient_id>/sessions/book/", views_book.book, name="book"),
    path("patients/<uuid:patient_id>/consent/withdraw/", views_withdraw.withdraw, name="withdraw"),
    path(_S, views.console, name="console"),
    path(_S + "chart/", views.chart, name="chart"),
    path(_S + "note/", views.note, name="note"),
    path(_S + "events/<uuid:event_id>/correct/", views.correct, name="correct"),
    path(_S + "presence/", views_presence.tell, name="presence"),
    path(_S + "step/", views.step, name="step"),
    path(_S + "beat/", views_consoles.beat, name="beat"),
    path(_S + "consoles/", views_consoles.listed, name="consoles"),
    path(_S + "consoles/<uuid:console_id>/heard/", views_consoles.heard, name="console_heard"),
    path(_S + "consoles/<uuid:console_id>/gone/", views_consoles.gone, name="console_gone"),
    path(_S + "help/", views_help.call, name="help"),
    path(_S + "today/", views_today.today, name="today"),
    path(_S + "rules/<str:rule>/decide/", views_rules.decide, name="decide"),
    path(_S + "dose/first/", views_dose.first, name="first"),
    path(_S + "dose/second/", views_dose.second, name="second"),
    path(_S + "dose/second-here/", views_dose.second_here, name="second_here"),
    path(_S + "dose/start/", views_dose.start, name="start"),
    path(_S + "dose/part/", views_dose.part, name="part"),
    path(_S + "dose/draw/", views_draw.draw, name="draw"),
    path(_S + "dose/given/", views_dose.already_given, name="already_given"),
    path(_S + "alarms/pause/", views_alarms.pause, name="pause"),
    path(_S + "alarms/<uuid:alarm_id>/answer/", views_alarms.answer, name="answer"),
    path(_S + "alarms/<uuid:alarm_id>/resolve/", views_alarms.resolve, name="resolve"),
    path(_S + "discharge/", views_discharge.page, name="discharge"),
    path(_S + "discharge/propose/", views_discharge.propose, name="propose"),
    path(_S + "discharge/sign/", views_discharge.sign, name="sign"),
    path(_S + "discharge/override/", views_discharge.override, name="override"),
    path(_S + "discharge/transfer/", views_discharge.transfer, name="transfer"),
    path(_S + "sheet/<slug:reader>/", views_sheets.sheet, name="sheet"),
    path(_S + "sheet/<slug:reader>/pdf/", views_sheets.sheet_pdf, name="sheet_pdf"),
    path("live/" + _S, live.stream, name="live"),
]

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alerts", "0003_loop_beats"),
        ("calendar", "0001_initial"),
        ("episodes", "0002_append_only"),
        ("people", "0002_append_only"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="DosingSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("product", models.CharField(max_length=16)),
                ("route", models.CharField(max_length=4)),
                ("opened_at", models.DateTimeField()),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("arrived", "Arrived"),
                            ("ready", "Ready"),
                            ("held", "Held"),
                            ("dosing", "Dosing"),
                            ("peak", "Peak"),
                            ("return", "Return"),
                            ("stopped early", "Stopped early"),
                            ("recovery", "Recovery"),
                            ("discharged", "Discharged"),
                            ("cancelled", "Cancelled"),
                            ("left against advice", "Left against advice"),
                            ("transferred", "Transferred"),
                        ],
                        default="scheduled",
                        max_length=24,
                    ),
                ),
                ("last_number", models.PositiveIntegerField(default=0)),
                ("two_people", models.BooleanField(default=False)),
                ("deviation", models.BooleanField(default=False)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "appointment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="calendar.appointment",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="episodes.episode",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "phase__in",
                                [
                                    "scheduled",
                                    "arrived",
                                    "ready",
                                    "held",
                                    "dosing",
                                    "peak",
                                    "return",
                                    "stopped early",
                                    "recovery",
                                    "discharged",
                                    "cancelled",
                                    "left against advice",
                                    "transferred",
                                ],
                            )
                        ),
                        name="dosing_known_phase",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "phase__in",
                                    (
                                        "dosing",
                                        "peak",
                                        "return",
                                        "stopped early",
                                        "recovery",
                                        "discharged",
                                    ),
                                ),
                                _negated=True,
                            ),
                            ("two_people", True),
                            ("deviation", True),
                            _connector="OR",
                        ),
                        name="dosing_no_dose_without_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "phase__in",
                                ["discharged", "cancelled", "left against advice", "transferred"],
                            ),
                            _negated=True,
                        ),
                        fields=("patient",),
                        name="dosing_one_open_session",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_id", models.UUIDField()),
                ("attempt_number", models.PositiveSmallIntegerField()),
                (
                    "place",
                    models.CharField(
                        choices=[("first", "First"), ("second", "Second")], max_length=6
                    ),
                ),
                ("dose_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("weight_kg", models.DecimalField(decimal_places=2, max_digits=6)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "attempt_number", "place"),
                        name="dosing_one_entry_a_place",
                    ),
                    models.UniqueConstraint(
                        fields=("session", "attempt_number", "by"), name="dosing_two_people_are_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dose_mg__gt", 0), ("weight_kg__gt", 0)),
                        name="dosing_entry_above_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order_id", models.UUIDField()),
                ("dose_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("weight_kg", models.DecimalField(decimal_places=2, max_digits=6)),
                ("hard_max_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="dosing_check_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dose_mg__lte", models.F("hard_max_mg"))),
                        name="dosing_check_under_hard_limit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DischargeStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("signed", "Signed")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                ("criteria", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discharge_steps",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "signed")),
                        fields=("session",),
                        name="dosing_signed_out_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsoleBeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shown_number", models.PositiveIntegerField()),
                ("beat_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consoles",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "user"), name="dosing_one_console_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RaisedAlarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=24)),
                ("band", models.CharField(blank=True, max_length=24)),
                ("tier", models.CharField(max_length=2)),
                ("title", models.CharField(max_length=120)),
                ("action", models.CharField(max_length=200)),
                ("latching", models.BooleanField()),
                ("raised_at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.alert",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ("A1", "A2", "A3"))),
                        name="dosing_known_tier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier", "A1"), ("alert__isnull", False), _connector="OR"
                        ),
                        name="dosing_alarm_calls_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("seen", "Somebody is acting"),
                            ("paused", "Sound paused"),
                            ("resolved", "Resolved by a person"),
                            ("ended", "The readings no longer show it"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("pause_s", models.PositiveSmallIntegerField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="dosing.raisedalarm",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "ended")),
                        fields=("alarm",),
                        name="dosing_alarm_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "ended"), ("by__isnull", False), _connector="OR"
                        ),
                        name="dosing_a_person_acts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "resolved"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dosing_resolved_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "paused"),
                                ("pause_s__isnull", False),
                                ("pause_s__range", (1, 120)),
                            ),
                            models.Q(
                                models.Q(("kind", "paused"), _negated=True),
                                ("pause_s__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="dosing_pause_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=24)),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("body", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="dosing.sessionevent",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "number"), name="dosing_event_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="dosing_event_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dosing_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("replaces", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="dosing_event_replaces_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="raisedalarm",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alarms",
                to="dosing.sessionevent",
            ),
        ),
        migrations.CreateModel(
            name="SessionStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=24)),
                ("after", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="dosing.dosingsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after", "scheduled"), ("before", "")),
                            models.Q(("after", "dosing"), ("before", "scheduled")),
                            models.Q(("after", "arrived"), ("before", "scheduled")),
                            models.Q(("after", "cancelled"), ("before", "scheduled")),
                            models.Q(("after", "dosing"), ("before", "arrived")),
                            models.Q(("after", "cancelled"), ("before", "arrived")),
                            models.Q(("after", "transferred"), ("before", "arrived")),
                            models.Q(("after", "ready"), ("before", "arrived")),
                            models.Q(("after", "held"), ("before", "arrived")),
                            models.Q(("after", "cancelled"), ("before", "ready")),
                            models.Q(("after", "transferred"), ("before", "ready")),
                            models.Q(("after", "dosing"), ("before", "ready")),
                            models.Q(("after", "held"), ("before", "ready")),
                            models.Q(("after", "dosing"), ("before", "held")),
                            models.Q(("after", "cancelled"), ("before", "held")),
                            models.Q(("after", "transferred"), ("before", "held")),
                            models.Q(("after", "ready"), ("before", "held")),
                            models.Q(("after", "recovery"), ("before", "dosing")),
                            models.Q(("after", "left against advice"), ("before", "dosing")),
                            models.Q(("after", "transferred"), ("before", "dosing")),
                            models.Q(("after", "stopped early"), ("before", "dosing")),
                            models.Q(("after", "peak"), ("before", "dosing")),
                            models.Q(("after", "return"), ("before", "dosing")),
                            models.Q(("after", "recovery"), ("before", "peak")),
                            models.Q(("after", "left against advice"), ("before", "peak")),
                            models.Q(("after", "transferred"), ("before", "peak")),
                            models.Q(("after", "stopped early"), ("before", "peak")),
                            models.Q(("after", "return"), ("before", "peak")),
                            models.Q(("after", "recovery"), ("before", "return")),
                            models.Q(("after", "left against advice"), ("before", "return")),
                            models.Q(("after", "transferred"), ("before", "return")),
                            models.Q(("after", "stopped early"), ("before", "return")),
                            models.Q(("after", "recovery"), ("before", "stopped early")),
                            models.Q(("after", "left against advice"), ("before", "stopped early")),
                            models.Q(("after", "transferred"), ("before", "stopped early")),
                            models.Q(("after", "discharged"), ("before", "recovery")),
                            models.Q(("after", "left against advice"), ("before", "recovery")),
                            models.Q(("after", "transferred"), ("before", "recovery")),
                            _connector="OR",
                        ),
                        name="dosing_allowed_step",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="raisedalarm",
            constraint=models.UniqueConstraint(
                fields=("event", "rule", "band", "tier"), name="dosing_alarm_once_an_event"
            ),
        ),
    ]

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_append_only"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Episode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("referred", "Referred"),
                            ("screening", "Screening"),
                            ("eligible", "Eligible"),
                            ("planned", "Planned"),
                            ("consented", "Consented"),
                            ("prepared", "Prepared"),
                            ("in series", "In series"),
                            ("paused", "Paused"),
                            ("maintenance", "Maintenance"),
                            ("completed", "Completed"),
                            ("declined", "Declined"),
                            ("not eligible", "Not eligible"),
                            ("referred on", "Referred on"),
                            ("withdrawn", "Withdrawn"),
                            ("lost to follow-up", "Lost to follow-up"),
                            ("died", "Died"),
                        ],
                        max_length=24,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="episodes",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("patient",),
                        name="episodes_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("opened_at")),
                            _connector="OR",
                        ),
                        name="episodes_ends_after_opening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "referred",
                                    "screening",
                                    "eligible",
                                    "planned",
                                    "consented",
                                    "prepared",
                                    "in series",
                                    "paused",
                                    "maintenance",
                                    "completed",
                                    "declined",
                                    "not eligible",
                                    "referred on",
                                    "withdrawn",
                                    "lost to follow-up",
                                    "died",
                                ],
                            )
                        ),
                        name="episodes_known_stage",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EpisodeStep",
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
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="episodes.episode",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GivenDose",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("session_id", models.UUIDField()),
                ("product", models.CharField(max_length=16)),
                ("route", models.CharField(max_length=4)),
                ("dose_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("stopped_early", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField()),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doses",
                        to="episodes.episode",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="episodes.givendose",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["episode", "started_at"], name="episodes_gi_episode_f5a6ee_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("dose_mg__gt", 0)), name="episodes_dose_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="episodes_dose_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ordered", "Ordered"),
                            ("under way", "Under way"),
                            ("held", "Held"),
                            ("finished", "Finished"),
                            ("stopped", "Stopped"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=24,
                    ),
                ),
                ("planned_doses", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="episodes.episode",
                    ),
                ),
            ],
        ),
    ]

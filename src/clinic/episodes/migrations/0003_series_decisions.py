"""What a prescriber decides on a series; and each series stands where its episode does."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from clinic.people.append_only import append_only

STATUS = {
    "paused": "held",
    "in series": "under way",
    "maintenance": "finished",
    "completed": "finished",
}


def follow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Until now every series stayed as it was ordered."""
    for series in apps.get_model("episodes", "Series").objects.filter(status="ordered"):
        episode = series.episode
        if not episode.doses.exists():
            continue
        ended = "under way" if episode.ended_at is None else "stopped"
        series.status = STATUS.get(episode.stage, ended)
        series.save(update_fields=["status"])


class Migration(migrations.Migration):
    dependencies = [
        ("episodes", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SeriesDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("continue", "Go on as planned"),
                            ("change", "Change dose or route"),
                            ("pause", "Pause"),
                            ("end", "End the treatment"),
                            ("closer", "One booking closer or more often"),
                        ],
                        max_length=12,
                    ),
                ),
                ("keys", models.JSONField()),
                ("told", models.JSONField()),
                ("rationale", models.TextField()),
                ("allows_from", models.DateTimeField(null=True)),
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
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="episodes.episode",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["episode", "at"], name="episodes_se_episode_6aadf1_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rationale", ""), _negated=True),
                        name="episodes_decision_has_rationale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allows_from__isnull", False), ("choice", "closer")),
                            models.Q(
                                ("allows_from__isnull", True),
                                ("choice__in", ("continue", "change", "pause", "end")),
                            ),
                            _connector="OR",
                        ),
                        name="episodes_known_decision",
                    ),
                ],
            },
        ),
        append_only("episodes_seriesdecision"),
        migrations.RunPython(follow, migrations.RunPython.noop),
    ]

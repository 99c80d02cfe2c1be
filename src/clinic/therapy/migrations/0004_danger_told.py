"""A danger that was told stays in the chart as it was told."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_beside_the_chair"),
        ("therapy", "0003_touch_law"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DangerTold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.TextField()),
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dangers_told",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "at"], name="therapy_dan_patient_d441ad_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="therapy_danger_has_words",
                    )
                ],
            },
        ),
        append_only("therapy_dangertold"),
    ]

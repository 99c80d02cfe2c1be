"""The wish to be asked every day; it is never changed or removed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0004_wording"),
        ("people", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted", models.BooleanField()),
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
                        related_name="daily_wishes",
                        to="people.patient",
                    ),
                ),
            ],
        ),
        append_only("measures_dailywish"),
    ]

"""What was sent came to differ from the record: told beside it, and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("adverse", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="duty",
            name="again_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="DutyDiffers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
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
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="adverse.duty",
                    ),
                ),
            ],
        ),
        append_only("adverse_dutydiffers"),
    ]

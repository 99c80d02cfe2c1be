"""A console is a page that was loaded, and no longer a person."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dosing", "0003_clock_of_the_console"),
    ]

    operations = [
        # A state and no record: every open page says anew who it is within seconds.
        migrations.RunSQL("DELETE FROM dosing_consolebeat", migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="consolebeat",
            name="dosing_one_console_a_person",
        ),
        migrations.AddField(
            model_name="consolebeat",
            name="console_id",
            field=models.UUIDField(default=uuid.uuid4),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="consolebeat",
            name="sound",
            field=models.CharField(
                choices=[("unknown", "not tried"), ("on", "on"), ("off", "blocked")],
                default="unknown",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="consolebeat",
            name="heard_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="consolebeat",
            name="tab_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="consolebeat",
            constraint=models.UniqueConstraint(
                fields=("session", "console_id"), name="dosing_one_beat_a_console"
            ),
        ),
    ]

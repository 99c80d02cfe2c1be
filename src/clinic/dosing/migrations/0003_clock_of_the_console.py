"""How far the clock of the sending console was off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dosing", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessionevent",
            name="clock_offset_s",
            field=models.IntegerField(null=True),
        ),
    ]

"""A dose that was charted in error is taken back by a row that says so."""

from django.db import migrations, models

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("episodes", "0003_series_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="givendose",
            name="taken_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="givendose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_back", False), ("replaces__isnull", False), _connector="OR"
                ),
                name="episodes_taken_back_names_the_dose",
            ),
        ),
        append_only("episodes_givendose"),
    ]

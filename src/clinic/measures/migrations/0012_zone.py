from zoneinfo import available_timezones

from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """What is on record was timed by the person's zone, or the clinic's where theirs is none."""
    patient, item = apps.get_model("people", "Patient"), apps.get_model("measures", "DueItem")
    known = available_timezones()
    for zone in patient.objects.values_list("time_zone", flat=True).distinct():
        theirs = item.objects.filter(patient__time_zone=zone)
        theirs.update(zone=zone if zone in known else settings.TIME_ZONE)


class Migration(migrations.Migration):
    dependencies = [("measures", "0011_sheet_rated"), ("people", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="dueitem",
            name="zone",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

"""The line, the steps, the entries and what people did are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("dosing", "0001_initial")]
    operations = [
        append_only(
            "dosing_sessionevent",
            "dosing_sessionstep",
            "dosing_raisedalarm",
            "dosing_alarmstep",
            "dosing_doseentry",
            "dosing_dosecheck",
            "dosing_dischargestep",
        )
    ]

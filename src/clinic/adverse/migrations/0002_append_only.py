"""What was told, sent, saved or charted is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("adverse", "0001_what_happened_and_what_is_due")]
    operations = [
        append_only(
            "adverse_adverseevent",
            "adverse_askedround",
            "adverse_departure",
            "adverse_dutystep",
            "adverse_monitoringform",
        )
    ]

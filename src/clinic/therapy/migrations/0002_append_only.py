"""What was prepared, agreed, said and noted is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("therapy", "0001_initial")]
    operations = [
        append_only(
            "therapy_preparation",
            "therapy_touchagreement",
            "therapy_allowedtouch",
            "therapy_debrief",
            "therapy_integrationvisit",
            "therapy_privatenote",
        )
    ]

"""What was recorded and decided is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        append_only(
            "intake_factanswer",
            "intake_pressurereading",
            "intake_earlierscore",
            "intake_suicidescreen",
            "intake_medicineentry",
            "intake_allergyentry",
            "intake_drugtrial",
            "intake_clearance",
            "intake_clearanceevent",
            "intake_override",
            "intake_overrideend",
        )
    ]

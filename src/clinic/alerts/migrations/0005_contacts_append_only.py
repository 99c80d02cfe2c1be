"""How somebody was tried and what became of a plan is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_reaching")]
    operations = [append_only("alerts_contactattempt", "alerts_plananswer")]

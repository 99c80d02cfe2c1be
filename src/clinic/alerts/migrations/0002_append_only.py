"""An alert and the steps taken are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]
    operations = [append_only("alerts_alert", "alerts_alertstep")]

"""An attempt at a contact after a suicide tier is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("alerts", "0006_contacts_after_a_tier")]
    operations = [append_only("alerts_contacttry")]

"""What a clinic set its hard limits to is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("content", "0003_hard_limits")]
    operations = [append_only("content_limitchoice")]

"""A version of a safety plan is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_initial")]
    operations = [append_only("safety_safetyplan", "safety_safesurroundings")]

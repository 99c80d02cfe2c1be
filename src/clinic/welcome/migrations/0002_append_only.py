"""Tries are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("welcome", "0001_initial")]
    operations = [append_only("welcome_try")]

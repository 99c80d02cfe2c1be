"""Vials and the rows of the register are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("pharmacy", "0001_initial")]
    operations = [append_only("pharmacy_vial", "pharmacy_row", "pharmacy_givenreport")]

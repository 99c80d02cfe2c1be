"""Who gave the answers of a sheet is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("measures", "0009_sheet_hands")]
    operations = [append_only("measures_sheethand")]

"""What was said of a line is never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("readying", "0001_initial")]
    operations = [append_only("readying_linesaid")]

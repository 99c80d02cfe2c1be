"""What a person gave to those who treat them is never changed or removed; their own writing is."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("own", "0001_initial")]
    operations = [append_only("own_shared", "own_homeworksaid", "own_story")]

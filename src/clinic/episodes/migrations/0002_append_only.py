"""Steps of an episode and given doses are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("episodes", "0001_initial")]
    operations = [append_only("episodes_episodestep", "episodes_givendose")]

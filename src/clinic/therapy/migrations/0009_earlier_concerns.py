"""A concern that was told before incidents were kept waits for a reviewer, too."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def open_incidents(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """One incident for each concern that has none."""
    asked, incident = (apps.get_model("therapy", name) for name in ("TouchAsked", "Incident"))
    for concern in asked.objects.filter(concern=True, incident__isnull=True):
        incident.objects.create(patient_id=concern.patient_id, concern=concern, at=concern.at)


class Migration(migrations.Migration):
    dependencies = [("therapy", "0008_incidents")]
    operations = [migrations.RunPython(open_incidents, migrations.RunPython.noop)]

"""Answers and responses are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial")]
    operations = [
        append_only("measures_answer", "measures_questionnaireresponse", "measures_redeemtry")
    ]

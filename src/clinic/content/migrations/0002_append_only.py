"""Signatures, withdrawals and severities are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [append_only("content_signature", "content_withdrawal", "content_severitychoice")]

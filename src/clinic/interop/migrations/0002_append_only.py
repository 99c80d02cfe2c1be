"""A referral is kept as it came."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("interop", "0001_initial")]
    operations = [
        append_only(
            "interop_referral", "interop_personnumber", "interop_leftover", "interop_settlement"
        )
    ]

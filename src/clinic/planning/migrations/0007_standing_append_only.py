"""Standing orders, their signatures and withdrawals are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("planning", "0006_standing_orders")]
    operations = [
        append_only(
            "planning_standingorder",
            "planning_standingsignature",
            "planning_standingwithdrawal",
        )
    ]

"""Plans, consents and orders are never changed or removed."""

from django.db import migrations

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial")]
    operations = [
        append_only(
            "planning_plan",
            "planning_consent",
            "planning_consentwithdrawal",
            "planning_consentreconfirmation",
            "planning_order",
            "planning_secondsignature",
            "planning_ordercancellation",
        )
    ]

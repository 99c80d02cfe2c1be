"""Orders by every route: in devices or in a solid form too, and what was said of the last dose."""

from django.db import migrations, models

from clinic.people.append_only import append_only

# SQLite writes the table anew: its triggers are taken off before and put on again after.
_KEPT = append_only("planning_order")


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_append_only")]

    operations = [
        migrations.RunPython(_KEPT.reverse_code, _KEPT.code),
        migrations.AddField(
            model_name="order",
            name="about_session",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="devices",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="formulation",
            field=models.CharField(default="solution", max_length=12),
        ),
        migrations.AddField(
            model_name="order",
            name="last_ae_grade",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="last_bp_ok",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="last_tolerated",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="salt_or_base",
            field=models.CharField(default="base", max_length=4),
        ),
        migrations.AddField(
            model_name="order",
            name="sedative_planned",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="order",
            name="concentration_mg_per_ml",
            field=models.DecimalField(decimal_places=3, max_digits=7, null=True),
        ),
        migrations.AlterField(
            model_name="order",
            name="volume_ml",
            field=models.DecimalField(decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("concentration_mg_per_ml__isnull", True), ("volume_ml__isnull", True)
                    ),
                    models.Q(
                        ("concentration_mg_per_ml__isnull", False), ("volume_ml__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="planning_volume_with_concentration",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("devices__isnull", False), ("product", "ESKETAMINE")),
                    models.Q(
                        models.Q(("product", "ESKETAMINE"), _negated=True),
                        ("devices__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="planning_esketamine_in_devices",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("about_session__isnull", False),
                    models.Q(
                        ("last_ae_grade__isnull", True),
                        ("last_bp_ok__isnull", True),
                        ("last_tolerated__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="planning_says_which_dose_went_so",
            ),
        ),
        append_only("planning_order"),
    ]

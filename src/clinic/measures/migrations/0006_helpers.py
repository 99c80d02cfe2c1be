"""Who else answered in a visit, and each call for help; neither is ever changed or removed."""

import django.db.models.deletion
from django.db import migrations, models

from clinic.people.append_only import append_only


def _id() -> models.BigAutoField:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0005_moment"),
        ("people", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Helper",
            fields=[
                ("id", _id()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proxy", "Somebody close to them"),
                            ("staff", "A member of staff"),
                        ],
                        max_length=5,
                    ),
                ),
                ("words", models.CharField(max_length=200)),
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helper",
                        to="measures.redeemtry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(words=""), name="measures_helper_says_who"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="HelpCall",
            fields=[
                ("id", _id()),
                ("at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measures.assignment",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_calls",
                        to="people.patient",
                    ),
                ),
            ],
        ),
        append_only("measures_helper", "measures_helpcall"),
    ]

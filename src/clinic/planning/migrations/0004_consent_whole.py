"""Capacity by its elements, interpreter, witness, why a consent is signed again; take-home requests."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from clinic.people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_append_only"),
        ("planning", "0003_orders_whole"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TakeHomeRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_by", models.CharField(max_length=200)),
                ("words", models.TextField()),
                ("early", models.BooleanField(default=False)),
                ("answer", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="consent",
            name="again_because",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="consent",
            name="appreciates",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="capacity_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="chooses",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="interpreter_way",
            field=models.CharField(
                blank=True,
                choices=[("present", "in the room"), ("video", "by video"), ("phone", "by phone")],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="understands",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="weighs",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hand", "The person cannot sign by hand"),
                    ("interpreter", "It was interpreted"),
                    ("clinic", "The clinic asks for one"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("appreciates", True),
                        ("capacity_by__isnull", False),
                        ("chooses", True),
                        ("understands", True),
                        ("weighs", True),
                    ),
                    models.Q(
                        ("appreciates__isnull", True),
                        ("capacity_by__isnull", True),
                        ("chooses__isnull", True),
                        ("understands__isnull", True),
                        ("weighs__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="planning_capacity_by_its_elements",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("witness", ""), ("witness_why", "")),
                    models.Q(
                        models.Q(("witness", ""), _negated=True),
                        ("witness_why__in", ["hand", "interpreter", "clinic"]),
                    ),
                    _connector="OR",
                ),
                name="planning_witness_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interpreter_way", ""),
                    models.Q(
                        models.Q(("interpreter", ""), _negated=True),
                        models.Q(("witness", ""), _negated=True),
                        ("interpreter_way__in", ["present", "video", "phone"]),
                    ),
                    _connector="OR",
                ),
                name="planning_interpreter_is_witnessed",
            ),
        ),
        migrations.AddField(
            model_name="takehomerequest",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="takehomerequest",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="take_home_requests",
                to="people.patient",
            ),
        ),
        migrations.AddConstraint(
            model_name="takehomerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    models.Q(("asked_by", ""), _negated=True),
                ),
                name="planning_request_is_answered",
            ),
        ),
        # SQLite made the first anew, without its triggers.
        append_only("planning_consent", "planning_takehomerequest"),
    ]

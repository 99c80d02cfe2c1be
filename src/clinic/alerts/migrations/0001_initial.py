import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("immediate", "immediate"),
                            ("urgent", "urgent"),
                            ("review", "review"),
                            ("info", "info"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=120)),
                ("message", models.CharField(max_length=300)),
                ("raised_at", models.DateTimeField()),
                ("backup_due_at", models.DateTimeField(null=True)),
                ("everyone_due_at", models.DateTimeField(null=True)),
                ("first_contact_due_at", models.DateTimeField(null=True)),
                ("disposition_due_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staffmember",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "code"), name="alerts_once_a_cause"),
                    models.CheckConstraint(
                        condition=models.Q(("everyone_due_at__gte", models.F("backup_due_at"))),
                        name="alerts_everyone_after_backup",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledged", "Acknowledged"),
                            ("tried", "Tried to reach, no answer"),
                            ("contacted", "Spoke with the person"),
                            ("handed_over", "Handed over"),
                            ("disposed", "Closed with an outcome"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="alerts.alert",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staffmember",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staffmember",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "disposed")),
                        fields=("alert",),
                        name="alerts_closed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "disposed"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="alerts_outcome_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "handed_over"), ("to__isnull", False)),
                            models.Q(
                                models.Q(("kind", "handed_over"), _negated=True),
                                ("to__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="alerts_handed_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("owner", "The owner"),
                            ("backup", "The backup: nobody acknowledged"),
                            ("everyone", "The whole clinic: still nobody"),
                            ("overdue", "The person was not reached in time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=60)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="alerts.alert",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staffmember",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["made_at"],
                        name="alerts_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert", "rung", "recipient"), name="alerts_told_once_a_rung"
                    )
                ],
            },
        ),
    ]

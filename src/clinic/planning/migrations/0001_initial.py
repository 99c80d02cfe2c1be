import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("episodes", "0002_append_only"),
        ("measures", "0002_append_only"),
        ("people", "0002_append_only"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text_version", models.CharField(max_length=32)),
                ("document", models.JSONField()),
                ("document_sha256", models.CharField(max_length=64)),
                ("agreed", models.BooleanField()),
                ("has_capacity", models.BooleanField()),
                ("copy_given", models.BooleanField()),
                ("language", models.CharField(max_length=40)),
                ("interpreter", models.CharField(blank=True, max_length=200)),
                ("signed_name", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "explained_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient", "signed_at"], name="planning_co_patient_047c72_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("has_capacity", True)),
                        name="planning_consent_needs_capacity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("signed_name", ""), _negated=True),
                        name="planning_consent_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("signed_at"))),
                        name="planning_consent_expires_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="people.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("indication_id", models.CharField(max_length=12)),
                ("rationale", models.TextField(blank=True)),
                ("goals", models.TextField()),
                ("product", models.CharField(max_length=16)),
                ("route", models.CharField(max_length=4)),
                ("dose_model_id", models.CharField(max_length=12)),
                ("sessions", models.PositiveSmallIntegerField()),
                ("spacing_days", models.PositiveSmallIntegerField()),
                ("costs", models.TextField()),
                ("content_version", models.CharField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="episodes.episode",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="planning.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sessions__range", (1, 8))),
                        name="planning_sessions_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("spacing_days__range", (2, 90))),
                        name="planning_spacing_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="planning_change_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("episode",),
                        name="planning_one_first_plan",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("product", models.CharField(max_length=16)),
                ("route", models.CharField(max_length=4)),
                ("indication_id", models.CharField(max_length=12)),
                ("dose_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("dose_mg_per_kg", models.DecimalField(decimal_places=3, max_digits=7)),
                ("volume_ml", models.DecimalField(decimal_places=2, max_digits=8)),
                ("concentration_mg_per_ml", models.DecimalField(decimal_places=3, max_digits=7)),
                ("infusion_min", models.PositiveSmallIntegerField(null=True)),
                ("weight_kg", models.DecimalField(decimal_places=2, max_digits=6)),
                ("weight_measured_at", models.DateTimeField()),
                ("weight_basis", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=24)),
                ("rationale", models.TextField(blank=True)),
                ("limits", models.JSONField()),
                ("findings", models.JSONField()),
                ("soft_max_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("hard_max_mg", models.DecimalField(decimal_places=2, max_digits=8)),
                ("first_max_mg", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("version", models.CharField(max_length=32)),
                ("signed_at", models.DateTimeField()),
                (
                    "baseline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="measures.questionnaireresponse",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="planning.consent",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="people.patient",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="planning.plan",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient", "signed_at"], name="planning_or_patient_e770e9_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dose_mg__gt", 0), ("dose_mg__lte", models.F("hard_max_mg"))
                        ),
                        name="planning_dose_under_hard_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_max_mg__isnull", True),
                            ("dose_mg__lte", models.F("first_max_mg")),
                            _connector="OR",
                        ),
                        name="planning_first_dose_under_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["WITHIN", "NEEDS_RATIONALE", "NEEDS_SECOND_SIGNATURE"])
                        ),
                        name="planning_signable_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "WITHIN"),
                            models.Q(("rationale", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="planning_outside_has_rationale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dose_mg__lte", models.F("soft_max_mg")),
                            ("state", "NEEDS_SECOND_SIGNATURE"),
                            _connector="OR",
                        ),
                        name="planning_above_soft_needs_second",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight_measured_at__lte", models.F("signed_at"))),
                        name="planning_weight_before_signature",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="planning.plan",
            ),
        ),
        migrations.CreateModel(
            name="SecondSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_signature",
                        to="planning.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsentReconfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconfirmations",
                        to="planning.consent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consent", "session_id"), name="planning_reconfirmed_once_a_session"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderCancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellation",
                        to="planning.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="planning_cancellation_has_reason",
                    )
                ],
            },
        ),
    ]

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("episodes", "0002_append_only"),
        ("people", "0002_append_only"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clearance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("product", models.CharField(max_length=16)),
                ("route", models.CharField(max_length=4)),
                (
                    "dose_ceiling_mg_per_kg",
                    models.DecimalField(decimal_places=3, max_digits=5, null=True),
                ),
                ("dose_ceiling_mg", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("note", models.TextField(blank=True)),
                ("cleared_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("facts", models.JSONField()),
                ("facts_digest", models.CharField(max_length=64)),
                ("screening", models.JSONField()),
                ("version", models.CharField(max_length=32)),
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
                        related_name="clearances",
                        to="episodes.episode",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("dose_ceiling_mg__isnull", True), ("dose_ceiling_mg_per_kg__gt", 0)
                            ),
                            models.Q(
                                ("dose_ceiling_mg__gt", 0), ("dose_ceiling_mg_per_kg__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="intake_clearance_one_ceiling",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("cleared_at"))),
                        name="intake_clearance_has_a_term",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClearanceEvent",
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
                            ("restamped", "Stands; facts changed"),
                            ("lapsed", "Lapsed"),
                            ("ended", "Ended"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reasons", models.JSONField(default=list)),
                ("facts", models.JSONField()),
                ("facts_digest", models.CharField(max_length=64)),
                ("screening", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clearance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="intake.clearance",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "restamped"), _negated=True),
                        fields=("clearance",),
                        name="intake_clearance_ends_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DrugTrial",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("measured", "Measured"),
                            ("referral", "Referral"),
                            ("questionnaire", "Questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("drug", models.CharField(max_length=200)),
                ("max_dose", models.CharField(blank=True, max_length=60)),
                (
                    "adequate_dose_weeks",
                    models.DecimalField(decimal_places=1, max_digits=5, null=True),
                ),
                ("response_pct", models.PositiveSmallIntegerField(null=True)),
                ("stopped_because", models.CharField(blank=True, max_length=300)),
                ("adequate", models.BooleanField(null=True)),
                ("stands", models.BooleanField(default=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.drugtrial",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_drugtrial_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observed_at__lte", models.F("recorded_at"))),
                        name="intake_drugtrial_observed_before_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("response_pct__isnull", True),
                            ("response_pct__lte", 100),
                            _connector="OR",
                        ),
                        name="intake_trial_response_at_most_100",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierScore",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("measured", "Measured"),
                            ("referral", "Referral"),
                            ("questionnaire", "Questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("instrument", models.CharField(max_length=32)),
                ("total", models.SmallIntegerField(null=True)),
                ("items", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.earlierscore",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_earlierscore_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observed_at__lte", models.F("recorded_at"))),
                        name="intake_earlierscore_observed_before_recorded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("measured", "Measured"),
                            ("referral", "Referral"),
                            ("questionnaire", "Questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("key", models.CharField(max_length=64)),
                ("value", models.JSONField(null=True)),
                ("declined", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.factanswer",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["patient", "key"], name="intake_fact_patient_3795ab_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_factanswer_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observed_at__lte", models.F("recorded_at"))),
                        name="intake_factanswer_observed_before_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declined", False), ("value__isnull", True), _connector="OR"
                        ),
                        name="intake_factanswer_declined_has_no_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MedicineEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("measured", "Measured"),
                            ("referral", "Referral"),
                            ("questionnaire", "Questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("name", models.CharField(max_length=300)),
                ("ingredients", models.JSONField(default=list)),
                ("route", models.CharField(blank=True, max_length=40)),
                ("daily_dose_mg", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("last_taken_h", models.DecimalField(decimal_places=1, max_digits=7, null=True)),
                ("taken", models.BooleanField(default=True)),
                ("told_status", models.CharField(blank=True, max_length=40)),
                (
                    "checked",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not checked"),
                            ("same_as", "It is a medicine the tables know"),
                            (
                                "no_interaction",
                                "Checked by hand: it interacts with nothing planned here",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("same_as", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.medicineentry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_medicineentry_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observed_at__lte", models.F("recorded_at"))),
                        name="intake_medicineentry_observed_before_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked", "same_as"), models.Q(("same_as", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("checked", "same_as"), _negated=True), ("same_as", "")
                            ),
                            _connector="OR",
                        ),
                        name="intake_medicine_same_as_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked", ""), ("replaces__isnull", False), _connector="OR"
                        ),
                        name="intake_medicine_check_is_a_correction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("daily_dose_mg__isnull", True),
                            ("daily_dose_mg__gt", 0),
                            _connector="OR",
                        ),
                        name="intake_medicine_dose_above_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=16)),
                ("band", models.CharField(blank=True, max_length=120)),
                ("because", models.JSONField()),
                ("rationale", models.TextField()),
                ("mitigation", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("version", models.CharField(max_length=32)),
                ("of_day", models.DateField(null=True)),
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
                        related_name="overrides",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThanOrEqual(
                            django.db.models.functions.text.Length("rationale"), 20
                        ),
                        name="intake_override_rationale_long_enough",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mitigation", ""), _negated=True),
                        name="intake_override_has_a_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="intake_override_expires_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OverrideEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
                (
                    "override",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="intake.override",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PressureReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("measured", "Measured"),
                            ("referral", "Referral"),
                            ("questionnaire", "Questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("systolic_mmhg", models.DecimalField(decimal_places=1, max_digits=5)),
                ("diastolic_mmhg", models.DecimalField(decimal_places=1, max_digits=5)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.pressurereading",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_pressurereading_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observed_at__lte", models.F("recorded_at"))),
                        name="intake_pressurereading_observed_before_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("systolic_mmhg__gt", models.F("diastolic_mmhg"))),
                        name="intake_pressure_systolic_above_diastolic",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("diastolic_mmhg__range", (10, 200)),
                            ("systolic_mmhg__range", (30, 300)),
                        ),
                        name="intake_pressure_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuicideScreen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("tier", models.CharField(max_length=10)),
                ("unanswered", models.JSONField()),
                ("version", models.CharField(max_length=32)),
                ("finished", models.BooleanField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.suicidescreen",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AllergyEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("measured", "Measured"),
                            ("referral", "Referral"),
                            ("questionnaire", "Questionnaire"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("substance", models.CharField(max_length=600)),
                ("reaction", models.CharField(blank=True, max_length=300)),
                ("told_status", models.CharField(blank=True, max_length=40)),
                ("stands", models.BooleanField(default=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="intake.allergyentry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_allergyentry_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observed_at__lte", models.F("recorded_at"))),
                        name="intake_allergyentry_observed_before_recorded",
                    ),
                ],
            },
        ),
    ]

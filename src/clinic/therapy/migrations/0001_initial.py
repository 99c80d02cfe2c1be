import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_append_only"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="TouchAgreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agreed_at", models.DateTimeField()),
                ("sober", models.BooleanField()),
                ("manner", models.CharField(blank=True, max_length=300)),
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
                        related_name="touch_agreements",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="therapy.touchagreement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("patient",),
                        name="therapy_one_first_touch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sober", True), ("replaces__isnull", False), _connector="OR"
                        ),
                        name="therapy_first_touch_agreed_sober",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AllowedTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "touch",
                    models.CharField(
                        choices=[
                            ("hand", "hand"),
                            ("forearm", "forearm"),
                            ("shoulder", "shoulder"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staffmember",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allowed",
                        to="therapy.touchagreement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "touch", "staff"), name="therapy_touch_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("touch__in", ["hand", "forearm", "shoulder"])),
                        name="therapy_known_touch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Debrief",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("session_id", models.UUIDField()),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
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
                        related_name="debriefs",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient", "session_id"], name="therapy_deb_patient_778a3b_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="therapy_debrief_has_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IntegrationVisit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("session_id", models.UUIDField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("attended", "Attended"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "Did not come"),
                        ],
                        max_length=12,
                    ),
                ),
                ("held_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("focus", models.TextField(blank=True)),
                ("homework", models.TextField(blank=True)),
                ("observations", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
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
                        related_name="integration_visits",
                        to="people.patient",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="therapy.integrationvisit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient", "held_at"], name="therapy_int_patient_ff2a96_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["attended", "cancelled", "no_show"])),
                        name="therapy_known_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "attended"), _negated=True),
                            models.Q(("focus", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="therapy_attended_has_focus",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_at__lte", models.F("recorded_at"))),
                        name="therapy_visit_not_ahead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="therapy_visit_corrected_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preparation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("held_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("intention", models.TextField(blank=True)),
                ("fears", models.TextField(blank=True)),
                ("stop_word", models.CharField(max_length=60)),
                ("support_name", models.CharField(blank=True, max_length=200)),
                ("support_phone", models.CharField(blank=True, max_length=32)),
                ("set_notes", models.TextField(blank=True)),
                ("setting_notes", models.TextField(blank=True)),
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
                        related_name="preparations",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient", "recorded_at"], name="therapy_pre_patient_1f9761_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stop_word", ""), _negated=True),
                        name="therapy_stop_word_agreed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivateNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("sealed", models.TextField()),
                (
                    "author",
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
                        related_name="+",
                        to="people.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["author", "patient"], name="therapy_pri_author__62ccaf_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sealed", ""), _negated=True),
                        name="therapy_private_note_sealed",
                    )
                ],
            },
        ),
    ]

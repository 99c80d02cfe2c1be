"""What a touch agreement names, and the law that it is never widened while a drug acts."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from clinic.people.append_only import append_only
from clinic.therapy.migrations import _touch_law as touch_law

UNDER_EFFECT = ("dosing", "peak", "return", "stopped early", "recovery")


def in_the_chair(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever is under a drug while the clinic is brought up to date is so for this law too."""
    sessions = apps.get_model("dosing", "DosingSession").objects.filter(phase__in=UNDER_EFFECT)
    acts = apps.get_model("therapy", "DrugActs").objects
    for session in sessions:
        step = session.steps.filter(after="dosing").order_by("at").first()
        since = step.at if step else session.opened_at
        acts.create(session_id=session.pk, patient_id=session.patient_id, since=since)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_append_only"),
        ("dosing", "0002_append_only"),
        ("therapy", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DrugActs",
            fields=[
                ("session_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TouchAsked",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("session_id", models.UUIDField()),
                ("concern", models.BooleanField()),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="WornOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="touchagreement",
            name="longest_s",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="touchagreement",
            name="over_clothing",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="touchagreement",
            name="position",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sitting", "sitting up"),
                    ("lying", "lying down"),
                    ("either", "sitting or lying"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="touchagreement",
            name="signed_name",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="touchagreement",
            name="touch_count",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="touchagreement",
            name="wishes_who",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
        migrations.AddConstraint(
            model_name="touchagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("longest_s__isnull", True), ("longest_s__gt", 0), _connector="OR"
                ),
                name="therapy_touch_lasts",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__in", ["", "sitting", "lying", "either"])),
                name="therapy_known_position",
            ),
        ),
        migrations.AddField(
            model_name="drugacts",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.patient"
            ),
        ),
        migrations.AddField(
            model_name="touchasked",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="touchasked",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.patient"
            ),
        ),
        migrations.AddField(
            model_name="wornoff",
            name="acts",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="worn_off",
                to="therapy.drugacts",
            ),
        ),
        migrations.AddIndex(
            model_name="touchasked",
            index=models.Index(
                fields=["patient", "session_id"], name="therapy_tou_patient_b1d5a1_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="touchasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("concern", False), models.Q(("words", ""), _negated=True), _connector="OR"
                ),
                name="therapy_concern_has_words",
            ),
        ),
        # SQLite made the first anew, without its triggers.
        append_only(
            "therapy_touchagreement",
            "therapy_allowedtouch",
            "therapy_drugacts",
            "therapy_wornoff",
            "therapy_touchasked",
        ),
        migrations.RunPython(in_the_chair, migrations.RunPython.noop),
        touch_law.put(),
    ]

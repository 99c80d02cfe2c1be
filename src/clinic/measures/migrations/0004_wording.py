"""Wording that a clinic imports; it is never changed or removed."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.people.append_only import append_only


def _by() -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def _id() -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0003_follow_up"),
        ("people", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WordingFile",
            fields=[
                ("id", _id()),
                ("instrument", models.CharField(max_length=32)),
                ("language", models.CharField(max_length=16)),
                ("form", models.CharField(blank=True, max_length=100)),
                ("licence", models.TextField()),
                ("source", models.CharField(max_length=300)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by", _by()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(licence="") & ~models.Q(source=""),
                        name="measures_wording_has_its_terms",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="ImportedWording",
            fields=[
                ("id", _id()),
                ("instrument_version", models.CharField(max_length=32)),
                ("stem", models.TextField(blank=True)),
                ("items", models.JSONField()),
                ("choices", models.JSONField()),
                ("confirmed", models.JSONField(default=list)),
                ("imported_at", models.DateTimeField()),
                ("imported_by", _by()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported",
                        to="measures.wordingfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WordingWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", _by()),
                (
                    "imported",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="measures.importedwording",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(reason=""),
                        name="measures_withdrawal_of_wording_has_reason",
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="assignment",
            name="wording",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="measures.importedwording",
            ),
        ),
        append_only(
            "measures_wordingfile", "measures_importedwording", "measures_wordingwithdrawal"
        ),
    ]

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """What is on record already: the first answer in each item's window, or the first call."""
    item, answer, call = (
        apps.get_model("measures", name) for name in ("DueItem", "QuestionnaireResponse", "CheckIn")
    )
    no_end = Value(datetime(9000, 1, 1, tzinfo=UTC))
    answers = answer.objects.filter(
        patient=OuterRef("patient"),
        instrument=OuterRef("ask"),
        replaced_by=None,
        observed_at__gte=OuterRef("opens_at"),
        observed_at__lt=Coalesce(OuterRef("closes_at"), no_end),
    ).order_by("observed_at")
    calls = call.objects.filter(item=OuterRef("pk"), reached=True).order_by("called_at")
    item.objects.update(
        answered_at=Coalesce(
            Subquery(answers.values("observed_at")[:1]), Subquery(calls.values("called_at")[:1])
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("episodes", "0002_append_only"),
        ("measures", "0007_due_by_end"),
        ("people", "0002_append_only"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="dueitem", name="measures_items_by_end"),
        migrations.AddField(
            model_name="dueitem",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="dueitem",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("voided_at__isnull", True)),
                fields=["closes_at", "opens_at"],
                name="measures_open_by_end",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

"""When a medicine was started and its dose last raised: a GLP-1 medicine is judged by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="medicineentry",
            name="raised_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="medicineentry",
            name="started_on",
            field=models.DateField(null=True),
        ),
    ]

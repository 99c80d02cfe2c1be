"""A sheet may be what somebody of the staff rated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("measures", "0010_sheet_hands_append_only")]
    operations = [
        migrations.AlterField(
            model_name="sheethand",
            name="kind",
            field=models.CharField(
                choices=[
                    ("self", "The person wrote it themselves"),
                    ("staff", "Somebody of the staff read it out to them"),
                    ("proxy", "Somebody close to them answered"),
                    ("rated", "Somebody of the staff rated it"),
                ],
                max_length=5,
            ),
        ),
    ]

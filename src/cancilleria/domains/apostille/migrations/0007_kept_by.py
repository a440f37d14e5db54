"""Which organ registered a signature, and alone may close or correct it: that of its entry."""

from django.db import migrations, models


def find_keepers(apps, schema_editor):
    entries = apps.get_model("register", "Entry").objects
    for found in apps.get_model("apostille", "Specimen").objects.all():
        told = entries.filter(subjects__contains=[found.pk]).order_by("recorded_at").first()
        found.kept_by = told.organ if told else ""
        found.save(update_fields=["kept_by"])


class Migration(migrations.Migration):
    dependencies = [("apostille", "0006_bulk_as_seen"), ("register", "0002_law")]

    operations = [
        migrations.AddField(
            "specimen",
            "kept_by",
            models.TextField(default="", help_text="the organ that registered it, and alone may close or correct it"),
            preserve_default=False,
        ),
        migrations.RunPython(find_keepers, migrations.RunPython.noop),
    ]

"""An authority belongs to an entity of the register of people, no longer to a name of its own."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from cancilleria.kernel.people.rules import fold


def find_entities(apps, schema_editor):
    """Entities of before the register of entities: their country was not kept."""
    entities = apps.get_model("people", "Entity").objects
    for authority in apps.get_model("apostille", "Authority").objects.all():
        values = {"key": f"entity:{uuid.uuid4()}", "name": authority.entity_name, "kind": "public"}
        authority.entity, _ = entities.get_or_create(folded_name=fold(authority.entity_name), country="", defaults=values)
        authority.save(update_fields=["entity"])


class Migration(migrations.Migration):
    dependencies = [("apostille", "0001_initial"), ("people", "0002_entities_contacts")]

    operations = [
        migrations.RenameField("authority", "entity", "entity_name"),
        migrations.AddField(
            "authority", "entity",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="authorities",
                              to="people.entity"),
        ),
        migrations.RunPython(find_entities, migrations.RunPython.noop),
        # The foreign key is checked before the table changes again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField("authority", "entity_name"),
        migrations.AlterField(
            "authority", "entity",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="authorities",
                              to="people.entity"),
        ),
    ]  # fmt: skip

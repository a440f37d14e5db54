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


def write_names(apps, schema_editor):
    for authority in apps.get_model("apostille", "Authority").objects.select_related("entity"):
        authority.entity_name = authority.entity.name
        authority.save(update_fields=["entity_name"])


class Migration(migrations.Migration):
    dependencies = [("apostille", "0001_initial"), ("people", "0002_entities_contacts")]

    operations = [
        migrations.RenameField("authority", "entity", "entity_name"),
        migrations.AddField(
            "authority", "entity",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="authorities",
                              to="people.entity"),
        ),
        migrations.RunPython(find_entities, write_names),
        # The foreign key is checked before the table changes again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        # On the way back there are rows already when the name returns.
        migrations.AlterField("authority", "entity_name", models.TextField(default="")),
        migrations.RemoveField("authority", "entity_name"),
        migrations.AlterField(
            "authority", "entity",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="authorities",
                              to="people.entity"),
        ),
    ]  # fmt: skip

"""Contacts, entities known by their name and country, and which organs have dealt with a person."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from cancilleria.kernel.people.rules import fold

# Acts name the person among their subjects: whoever acted has dealt with them.
DEALT_WITH = """
UPDATE people_person p SET organs = ARRAY(
    SELECT DISTINCT e.organ FROM register_entry e WHERE e.subjects @> ARRAY[p.key] ORDER BY e.organ
)
"""


def fold_names(apps, schema_editor):
    for entity in apps.get_model("people", "Entity").objects.all():
        entity.folded_name = fold(entity.name)
        entity.save(update_fields=["folded_name"])


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("register", "0002_law")]

    operations = [
        migrations.AddField(
            "person", "organs",
            django.contrib.postgres.fields.ArrayField(
                models.TextField(), default=list, help_text="organs that have dealt with this person, and see them"
            ),
        ),
        migrations.RunSQL(DEALT_WITH, migrations.RunSQL.noop),
        migrations.CreateModel(
            "Contact",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(choices=[("email", "email"), ("phone", "phone"), ("address", "address")])),
                ("value", models.TextField()),
                ("person", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="people.person")),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "value"), name="contact_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("email", "phone", "address"))), name="contact_kind_known"
                    ),
                ],
            },
        ),
        migrations.AddField("entity", "folded_name", models.TextField(default=""), preserve_default=False),
        migrations.AddField(
            "entity", "country",
            models.CharField(max_length=2, blank=True, default="",
                             help_text="where it has its seat; empty when international"),
            preserve_default=False,
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AlterField(
            "entity", "kind",
            models.TextField(choices=[("public", "public"), ("private", "private"), ("international", "international")]),
        ),
        migrations.AddConstraint(
            "entity", models.UniqueConstraint(fields=("folded_name", "country"), name="entity_once")
        ),
        migrations.AddConstraint(
            "entity",
            models.CheckConstraint(
                condition=models.Q(("kind__in", ("public", "private", "international"))), name="entity_kind_known"
            ),
        ),
    ]  # fmt: skip

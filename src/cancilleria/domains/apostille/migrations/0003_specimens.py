"""Authorities become specimens: of any kind, by hand or by key, closed or replaced and never changed. Keys stay."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from cancilleria.kernel.organs.models import DateRange
from cancilleria.kernel.people.rules import fold

KINDS = ("authority", "own_consul", "foreign_consul")


def complete(apps, schema_editor):
    """Rows of before: their State is their entity's, and they are found by their words from now on."""
    for found in apps.get_model("apostille", "Specimen").objects.select_related("entity"):
        found.state = found.entity.country
        found.words = fold(f"{found.name} {found.capacity} {found.entity.name}")
        found.save(update_fields=["state", "words"])


def image(name):
    return models.ForeignKey("documents.document", django.db.models.deletion.PROTECT, null=True, related_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("apostille", "0002_entity"), ("cases", "0003_tray"), ("documents", "0001_initial"),
        ("people", "0002_entities_contacts"), ("organs", "0001_initial"),
    ]

    operations = [
        migrations.RenameModel("Authority", "Specimen"),
        migrations.RenameField("apostille", "authority", "specimen"),
        migrations.AlterField(
            "specimen", "entity",
            models.ForeignKey("people.entity", django.db.models.deletion.PROTECT, related_name="specimens"),
        ),
        migrations.AddField(
            "specimen", "kind",
            models.TextField(choices=[(kind, kind) for kind in KINDS], default="authority"),
        ),
        migrations.AddField(
            "specimen", "state", models.CharField(blank=True, default="", help_text="for which State they sign", max_length=2),
            preserve_default=False,
        ),
        migrations.AddField(
            "specimen", "organ", models.TextField(blank=True, default="", help_text="where a consul of ours serves"),
            preserve_default=False,
        ),
        migrations.AddField(
            "specimen", "posting", models.TextField(blank=True, default="", help_text="the posting of a consul of ours"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "specimen", "fingerprint",
            models.CharField(blank=True, help_text="SHA-256 of the certificate", max_length=64),
        ),
        migrations.AddField("specimen", "signature", image("signature_of")),
        migrations.AddField("specimen", "seal", image("seal_of")),
        migrations.AddField(
            "specimen", "words",
            models.TextField(default="", help_text="name, capacity and entity, folded: for finding"), preserve_default=False,
        ),
        migrations.AddField(
            "specimen", "withdrawn",
            models.BooleanField(default=False, help_text="it was wrong: nobody relies on it"),
        ),
        migrations.AddField(
            "specimen", "replaces",
            models.OneToOneField(
                "apostille.specimen", django.db.models.deletion.PROTECT, null=True, related_name="replaced_by"
            ),
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
        # What was written is checked before the table changes again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "specimen", models.CheckConstraint(condition=Q(kind__in=KINDS), name="specimen_kind_known")
        ),
        migrations.AddConstraint(
            "specimen",
            models.CheckConstraint(
                condition=Q(kind="own_consul") & ~Q(organ="") | ~Q(kind="own_consul") & Q(organ=""),
                name="specimen_own_consul_has_organ",
            ),
        ),
        migrations.AddConstraint(
            "specimen",
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="specimen_days_in_order"
            ),
        ),
        migrations.AddConstraint(
            "specimen",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="specimen_one_holder_of_a_certificate",
                expressions=[("fingerprint", "="), (DateRange(F("valid_from"), F("valid_to")), "&&")],
                condition=~Q(fingerprint="") & Q(withdrawn=False),
            ),
        ),
    ]  # fmt: skip

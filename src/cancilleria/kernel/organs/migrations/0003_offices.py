"""Offices as they are: covers, second persons, stamps, handovers, supervising posts and successors."""

import cancilleria.kernel.organs.models.keeping
import cancilleria.kernel.organs.models.network
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FROZEN = """
CREATE FUNCTION organs_proposal_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' OR (NEW.id, NEW.verb, NEW.organ_id, NEW.subject, NEW.arguments, NEW.proposer_id, NEW.proposed_by,
        NEW.entry_id) IS DISTINCT FROM (OLD.id, OLD.verb, OLD.organ_id, OLD.subject, OLD.arguments, OLD.proposer_id,
        OLD.proposed_by, OLD.entry_id) THEN
        RAISE EXCEPTION 'a proposal is answered once and never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposal_final BEFORE UPDATE ON organs_proposal
    FOR EACH ROW EXECUTE FUNCTION organs_proposal_final();
CREATE FUNCTION organs_handover_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'drawn' OR (NEW.id, NEW.organ_id, NEW.outgoing_id, NEW.incoming_id, NEW.lines, NEW.digest, NEW.remarks,
        NEW.drawn_id) IS DISTINCT FROM (OLD.id, OLD.organ_id, OLD.outgoing_id, OLD.incoming_id, OLD.lines, OLD.digest,
        OLD.remarks, OLD.drawn_id) THEN
        RAISE EXCEPTION 'minutes of handover never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_frozen BEFORE UPDATE ON organs_handover
    FOR EACH ROW EXECUTE FUNCTION organs_handover_frozen();
"""
THAWED = """
DROP TRIGGER handover_frozen ON organs_handover;
DROP FUNCTION organs_handover_frozen();
DROP TRIGGER proposal_final ON organs_proposal;
DROP FUNCTION organs_proposal_final();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organs', '0002_scope'),
        ('register', '0002_law'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('acting', 'acting'), ('leave', 'leave')])),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('withheld', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('signature_line', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Custody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_time', models.DateTimeField()),
                ('to_time', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('lines', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('state', models.TextField(default='drawn')),
                ('remarks', models.TextField(blank=True)),
                ('differences', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('verb', models.TextField()),
                ('subject', models.TextField()),
                ('arguments', models.JSONField()),
                ('proposed_by', models.TextField()),
                ('state', models.TextField(default='open')),
            ],
        ),
        migrations.CreateModel(
            name='SecondOfficer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('label', models.TextField()),
                ('imprint', models.TextField()),
                ('state', models.TextField(default='in_use')),
            ],
        ),
        migrations.AddField(
            model_name='organ',
            name='successor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='organs.organ'),
        ),
        migrations.AddField(
            model_name='organ',
            name='supervised_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supervised', to='organs.organ'),
        ),
        migrations.AddConstraint(
            model_name='organ',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), ('closed_on__isnull', False), _connector='OR'), name='organ_successor_of_closed'),
        ),
        migrations.AddConstraint(
            model_name='organ',
            constraint=models.CheckConstraint(condition=models.Q(('successor', models.F('key')), _negated=True), name='organ_not_its_own_successor'),
        ),
        migrations.AddConstraint(
            model_name='organ',
            constraint=models.CheckConstraint(condition=models.Q(('supervised_by', models.F('key')), _negated=True), name='organ_not_its_own_supervisor'),
        ),
        migrations.AddField(
            model_name='cover',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='organs.officer'),
        ),
        migrations.AddField(
            model_name='cover',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='organs.post'),
        ),
        migrations.AddField(
            model_name='custody',
            name='posting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custodies', to='organs.posting'),
        ),
        migrations.AddField(
            model_name='handover',
            name='accepted',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handover_accepted', to='register.entry'),
        ),
        migrations.AddField(
            model_name='handover',
            name='drawn',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handover_drawn', to='register.entry'),
        ),
        migrations.AddField(
            model_name='handover',
            name='incoming',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='organs.officer'),
        ),
        migrations.AddField(
            model_name='handover',
            name='organ',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='organs.organ'),
        ),
        migrations.AddField(
            model_name='handover',
            name='outgoing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='organs.officer'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='register.entry'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='organ',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='organs.organ'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='proposer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='organs.officer'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='second',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seconded', to='organs.officer'),
        ),
        migrations.AddField(
            model_name='secondofficer',
            name='organ',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seconds', to='organs.organ'),
        ),
        migrations.AddField(
            model_name='secondofficer',
            name='posting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seconds', to='organs.posting'),
        ),
        migrations.AddField(
            model_name='stamp',
            name='organ',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stamps', to='organs.organ'),
        ),
        migrations.AddField(
            model_name='custody',
            name='stamp',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custodies', to='organs.stamp'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['acting', 'leave'])), name='cover_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.CheckConstraint(condition=models.Q(('key__startswith', 'cover:')), name='cover_key_form'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'acting')), expressions=[(cancilleria.kernel.organs.models.network.DateRange(models.F('from_date'), models.F('to_date')), '&&'), ('post', '=')], name='cover_one_acting'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(cancilleria.kernel.organs.models.network.DateRange(models.F('from_date'), models.F('to_date')), '&&'), ('officer', '='), ('post', '=')], name='cover_once'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drawn', 'accepted', 'replaced'])), name='handover_state_known'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('incoming', models.F('outgoing')), _negated=True), name='handover_takes_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('accepted', None)), _connector='OR'), name='handover_accepted_by_an_act'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'drawn')), fields=('organ',), name='handover_open_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'seconded', 'declined'])), name='proposal_state_known'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('second', models.F('proposer')), _negated=True), name='proposal_takes_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('second__isnull', False), ('state', 'seconded')), models.Q(models.Q(('state', 'seconded'), _negated=True), ('second', None)), _connector='OR'), name='proposal_seconded_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('verb', 'subject'), name='proposal_open_once'),
        ),
        migrations.AddConstraint(
            model_name='secondofficer',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(cancilleria.kernel.organs.models.network.DateRange(models.F('from_date'), models.F('to_date')), '&&'), ('organ', '='), ('posting', '=')], name='second_once'),
        ),
        migrations.AddConstraint(
            model_name='stamp',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['in_use', 'lost', 'retired'])), name='stamp_state_known'),
        ),
        migrations.AddConstraint(
            model_name='stamp',
            constraint=models.UniqueConstraint(fields=('organ', 'label'), name='stamp_label_once'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(cancilleria.kernel.organs.models.keeping.TimeRange(models.F('from_time'), models.F('to_time')), '&&'), ('stamp', '=')], name='stamp_one_custodian'),
        ),
        migrations.RunSQL(FROZEN, THAWED),
    ]

"""Legalisations beside apostilles, blank forms, signatures asked for, earlier certifiers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('apostille', '0003_specimens'),
        ('cases', '0003_tray'),
        ('documents', '0001_initial'),
        ('register', '0002_law'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apostille',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='cases.case'),
        ),
        migrations.AlterField(
            model_name='apostille',
            name='document',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='documents.document'),
        ),
        migrations.AlterField(
            model_name='apostille',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='register.entry'),
        ),
        migrations.AlterField(
            model_name='apostille',
            name='original',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='documents.document'),
        ),
        migrations.AlterField(
            model_name='apostille',
            name='specimen',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='apostille.specimen'),
        ),
        migrations.CreateModel(
            name='AskedSpecimen',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('capacity', models.TextField()),
                ('entity', models.TextField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_specimens', to='cases.case')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='asked_specimen', to='register.entry')),
                ('specimen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='apostille.specimen')),
            ],
        ),
        migrations.CreateModel(
            name='Certifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('place', models.PositiveSmallIntegerField()),
                ('name_es', models.TextField(help_text="also the words that its entity's name holds")),
                ('name_en', models.TextField()),
                ('source', models.TextField()),
            ],
            options={
                'ordering': ['kind', 'place'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'place'), name='certifier_once')],
            },
        ),
        migrations.CreateModel(
            name='Form',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('serial', models.TextField(unique=True)),
                ('organ', models.TextField()),
                ('state', models.TextField(default='blank')),
                ('reason', models.TextField(blank=True)),
                ('act', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='forms', to='register.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['organ', 'state', 'serial'], name='form_stock')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('blank', 'used', 'spoiled', 'returned'))), name='form_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', False), ('state', 'used')), ('state', 'spoiled'), models.Q(('act', None), ('state__in', ['blank', 'returned'])), _connector='OR'), name='form_used_by_an_act'), models.CheckConstraint(condition=models.Q(('state__in', ['blank', 'used']), models.Q(('reason', ''), _negated=True), _connector='OR'), name='form_spoiled_for_a_reason'), models.UniqueConstraint(condition=models.Q(('state', 'used')), fields=('act',), name='form_one_for_an_act')],
            },
        ),
        migrations.CreateModel(
            name='Legalisation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('direction', models.TextField(choices=[('outward', 'outward'), ('consular', 'consular'), ('inward', 'inward')])),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='cases.case')),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='documents.document')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s', to='register.entry')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='documents.document')),
                ('prior', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='onward', to='apostille.legalisation')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='apostille.legalisation')),
                ('specimen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='apostille.specimen')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('direction__in', ('outward', 'consular', 'inward'))), name='legalisation_direction_known'), models.CheckConstraint(condition=models.Q(('prior', None), ('direction', 'inward'), _connector='OR'), name='legalisation_prior_of_inward')],
            },
        ),
    ]

"""Pads and slips, books that go on, imported acts, reads, erasures and holds."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0002_law'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pad',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organ', models.TextField()),
                ('name', models.TextField(help_text='printed before the number of each slip', unique=True)),
                ('first', models.PositiveIntegerField()),
                ('last', models.PositiveIntegerField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pad', to='register.entry')),
            ],
            options={
                'db_table': 'register_pad',
            },
        ),
        migrations.CreateModel(
            name='Read',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('actor', models.TextField()),
                ('officer', models.TextField()),
                ('organ', models.TextField()),
                ('what', models.TextField()),
                ('subject', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'register_read',
                'indexes': [models.Index(fields=['officer', '-at'], name='read_of_officer'), models.Index(fields=['subject', '-at'], name='read_of_subject')],
            },
        ),
        migrations.CreateModel(
            name='Slip',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('sheet', models.UUIDField(help_text='key of the document with the scanned sheet', null=True)),
                ('state', models.TextField(default='blank')),
                ('act', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slip', to='register.entry')),
                ('pad', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='register.pad')),
            ],
            options={
                'db_table': 'register_slip',
            },
        ),
        migrations.CreateModel(
            name='Withheld',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.TextField()),
                ('what', models.TextField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.entry')),
            ],
            options={
                'db_table': 'register_withheld',
            },
        ),
        migrations.CreateModel(
            name='BookStart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organ', models.TextField()),
                ('kind', models.TextField()),
                ('year', models.IntegerField()),
                ('after', models.PositiveIntegerField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='book_start', to='register.entry')),
            ],
            options={
                'db_table': 'register_book_start',
                'constraints': [models.UniqueConstraint(fields=('organ', 'kind', 'year'), name='book_start_once'), models.CheckConstraint(condition=models.Q(('after__gte', 1)), name='book_start_after_something')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.entry')),
                ('lifted', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.entry')),
            ],
            options={
                'db_table': 'register_hold',
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted', None)), fields=('subject',), name='hold_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Imported',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('system', models.TextField()),
                ('batch', models.TextField()),
                ('row', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('organ', models.TextField()),
                ('verb', models.TextField()),
                ('number', models.TextField()),
                ('performed_on', models.DateField()),
                ('document', models.UUIDField(help_text='key of the document, when the row named a file', null=True)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='imported', to='register.entry')),
            ],
            options={
                'db_table': 'register_imported',
                'indexes': [models.Index(fields=['number', 'performed_on'], name='imported_by_number')],
                'constraints': [models.UniqueConstraint(fields=('system', 'organ', 'verb', 'number'), name='imported_once'), models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('system', ''), _negated=True)), name='imported_has_number_and_system')],
            },
        ),
        migrations.AddConstraint(
            model_name='pad',
            constraint=models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first'))), name='pad_numbers_in_order'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.UniqueConstraint(fields=('pad', 'number'), name='slip_once'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('blank', 'used', 'spoiled'))), name='slip_state_known'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', False), ('state', 'used')), models.Q(models.Q(('state', 'used'), _negated=True), ('act', None)), _connector='OR'), name='slip_used_by_an_act'),
        ),
        migrations.AddConstraint(
            model_name='withheld',
            constraint=models.UniqueConstraint(fields=('subject', 'what'), name='withheld_once'),
        ),
        migrations.AddConstraint(
            model_name='withheld',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['erased', 'files'])), name='withheld_known'),
        ),
    ]

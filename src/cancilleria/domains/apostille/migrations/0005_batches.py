"""Batches of institutions, and orders to issue in bulk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('apostille', '0004_certificates_forms'),
        ('cases', '0003_tray'),
        ('people', '0003_security'),
        ('register', '0002_law'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('key', models.TextField()),
                ('organ', models.TextField()),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='people.entity')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='batch', to='register.entry')),
            ],
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.TextField()),
                ('state', models.TextField()),
                ('code', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True, help_text='why it was refused, as the institution was told')),
                ('counted', models.BooleanField(default=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='apostille.batch')),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batch_item', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='BulkOrder',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('actor', models.TextField(help_text='the posting that confirmed, and that issues')),
                ('organ', models.TextField()),
                ('key', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_order', to='register.entry')),
            ],
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.PositiveIntegerField()),
                ('outcome', models.TextField(default='pending')),
                ('code', models.TextField(blank=True, help_text='why it was not issued')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_items', to='cases.case')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='apostille.bulkorder')),
            ],
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('entity', 'key'), name='batch_once'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'sha256'), name='batch_document_once'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('reason', ''), ('state', 'in')), models.Q(('case', None), ('state', 'refused'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='batch_document_in_or_refused'),
        ),
        migrations.AddConstraint(
            model_name='bulkorder',
            constraint=models.UniqueConstraint(fields=('actor', 'key'), name='bulk_order_once'),
        ),
        migrations.AddIndex(
            model_name='bulkitem',
            index=models.Index(condition=models.Q(('outcome', 'pending')), fields=['id'], name='bulk_pending'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.UniqueConstraint(fields=('order', 'case'), name='bulk_case_once'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', ''), ('outcome__in', ['pending', 'issued'])), models.Q(('outcome', 'missed'), models.Q(('code', ''), _negated=True)), _connector='OR'), name='bulk_missed_for_a_reason'),
        ),
    ]

"""An order to sign in bulk keeps the page's key, and each case at the revision the officer saw."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('apostille', '0005_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='bulkitem',
            name='seen',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='bulksigning',
            name='key',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='bulksigning',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('officer', 'key'), name='bulk_signing_once'),
        ),
    ]

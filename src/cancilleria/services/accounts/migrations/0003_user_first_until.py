from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_opensession")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="first_until",
            field=models.DateTimeField(
                null=True, help_text="until when a password given by others opens; own: never ends"
            ),
        ),
    ]

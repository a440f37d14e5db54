"""`in_scope(keys)`: whether the transaction may see a row of these organs or of this key. Policies of content tables use it."""

from django.db import migrations

IN_SCOPE = """
CREATE FUNCTION in_scope(keys text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('cancilleria.scope', true) = '*'
        OR keys && string_to_array(current_setting('cancilleria.scope', true), ',')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("organs", "0001_initial")]

    operations = [migrations.RunSQL(IN_SCOPE, "DROP FUNCTION in_scope(text[])")]

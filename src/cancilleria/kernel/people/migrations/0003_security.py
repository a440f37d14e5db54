"""Row-level security of persons, their documents and contacts: seen by the organs that have dealt with them (DECISIONS 14).

The owner is not bound (data migrations see every row); `roles.grant` gives the worker a policy of its own. Nothing deletes.
"""

from django.db import migrations

KNOWN = """
CREATE FUNCTION people_known(the_kind text, the_number text, the_state text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'person', the_kind, the_number, the_state), 0));
    RETURN (SELECT person_id FROM people_identitydocument
            WHERE kind = the_kind AND number = the_number AND issuing_state = the_state);
END $$;
"""

PERSON = """
ALTER TABLE people_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON people_person FOR SELECT USING (in_scope(organs || key));
CREATE POLICY changed ON people_person FOR UPDATE USING (in_scope(organs || key));
CREATE POLICY added ON people_person FOR INSERT WITH CHECK (true);
"""

# What belongs to a person is seen with them: the subquery itself stands under the policy above.
BELONGING = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON {table} FOR SELECT USING (EXISTS (SELECT FROM people_person p WHERE p.key = person_id));
CREATE POLICY added ON {table} FOR INSERT WITH CHECK (EXISTS (SELECT FROM people_person p WHERE p.key = person_id));
"""
    for table in ("people_identitydocument", "people_contact")
)

UNDO = "DROP FUNCTION people_known(text, text, text);" + "".join(
    f"DROP POLICY IF EXISTS {policy} ON {table};" + f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    for table in ("people_identitydocument", "people_contact", "people_person")
    for policy in ("seen", "changed", "added", "worker")
)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_entities_contacts"), ("organs", "0002_scope")]

    operations = [migrations.RunSQL(KNOWN + PERSON + BELONGING, UNDO)]

"""A person is emptied by a recorded act of erasure and by nothing else: the application has no policy that deletes here."""

from django.db import migrations

ERASE = """
CREATE FUNCTION people_erase(the_person text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    found integer;
    gone integer;
BEGIN
    IF NOT EXISTS (SELECT FROM register_withheld WHERE subject = the_person AND what = 'erased') THEN
        RAISE EXCEPTION 'a person is erased by a recorded act only' USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM people_identitydocument WHERE person_id = the_person;
    GET DIAGNOSTICS found = ROW_COUNT;
    DELETE FROM people_contact WHERE person_id = the_person;
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE people_person SET given_names = '', first_surname = '', second_surname = '', travel_form = '',
        folded_name = '', sort_key = '', birth_date = NULL WHERE key = the_person AND given_names <> '';
    RETURN found + gone + 1;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_security"), ("register", "0004_keeping_law")]

    operations = [migrations.RunSQL(ERASE, "DROP FUNCTION people_erase(text)")]

"""What the database guarantees of pads, books that go on, imported acts, reads and erasures: added, never rewritten."""

from django.db import migrations

TABLES = ("register_pad", "register_book_start", "register_imported", "register_read", "register_withheld")
STILL = "".join(
    f"""
CREATE TRIGGER {table}_still BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION register_refuse();
"""
    for table in TABLES
)
NOT_STILL = "".join(f"DROP TRIGGER {table}_still ON {table}; DROP TRIGGER {table}_whole ON {table};" for table in TABLES)

BEGINS = """
CREATE FUNCTION register_book_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_number <> 1 AND NOT EXISTS (
        SELECT FROM register_book_start s
        WHERE (s.organ, s.kind, s.year, s.after) = (NEW.organ, NEW.kind, NEW.year, NEW.last_number)
    ) THEN
        RAISE EXCEPTION 'a book begins at one, or by a recorded act where an older one ended'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER book_begins BEFORE INSERT ON register_book FOR EACH ROW EXECUTE FUNCTION register_book_begins();
"""
SLIPS = """
CREATE FUNCTION register_slip_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'blank' OR (NEW.id, NEW.pad_id, NEW.number) <> (OLD.id, OLD.pad_id, OLD.number) THEN
        RAISE EXCEPTION 'a slip is used or spoiled once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slip_forward BEFORE UPDATE ON register_slip FOR EACH ROW EXECUTE FUNCTION register_slip_forward();
CREATE TRIGGER slip_kept BEFORE DELETE ON register_slip FOR EACH ROW EXECUTE FUNCTION register_refuse();
"""
UNDO = """
DROP TRIGGER book_begins ON register_book;
DROP TRIGGER slip_forward ON register_slip;
DROP TRIGGER slip_kept ON register_slip;
DROP FUNCTION register_book_begins();
DROP FUNCTION register_slip_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0003_keeping")]

    operations = [migrations.RunSQL(STILL, NOT_STILL), migrations.RunSQL(BEGINS + SLIPS, UNDO)]

"""What the database itself guarantees: gap-free numbers, entries that nobody changes, erasure only by a recorded act."""

from django.db import migrations

NEXT = """
CREATE FUNCTION register_next(the_organ text, the_book text, the_zone text, the_target uuid,
    OUT at timestamptz, OUT year int, OUT number int, OUT target_hash bytea) LANGUAGE plpgsql AS $$
BEGIN
    IF the_target IS NOT NULL THEN
        SELECT leaf_hash INTO STRICT target_hash FROM register_entry WHERE id = the_target;
    END IF;
    IF the_book IS NULL THEN
        at := clock_timestamp();
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(the_organ || '/' || the_book, 0));
    at := clock_timestamp();
    year := extract(year FROM at AT TIME ZONE the_zone)::int;
    INSERT INTO register_book AS b (organ, kind, year, last_number) VALUES (the_organ, the_book, register_next.year, 1)
        ON CONFLICT ON CONSTRAINT book_once DO UPDATE SET last_number = b.last_number + 1
        RETURNING b.last_number INTO number;
END $$;
"""

IMMUTABLE = """
CREATE FUNCTION register_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register is not changed: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION register_erasure_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register_entry e WHERE e.target_id = OLD.entry_id AND e.relation = 'erases'
                   -- visible and not yet committed: of this very transaction, savepoints included
                   AND pg_xact_status(((pg_current_xact_id()::text::bigint >> 32 << 32) + e.xmin::text::bigint)::text::xid8)
                       = 'in progress') THEN
        RAISE EXCEPTION 'a private part is erased by a recorded act of this transaction only'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION register_erase(the_target uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    DELETE FROM register_entry_private WHERE entry_id = the_target;
$$;

CREATE FUNCTION register_book_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_number <> OLD.last_number + 1 OR (NEW.organ, NEW.kind, NEW.year) <> (OLD.organ, OLD.kind, OLD.year) THEN
        RAISE EXCEPTION 'a book only goes to its next number' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER book_forward BEFORE UPDATE ON register_book FOR EACH ROW EXECUTE FUNCTION register_book_forward();
CREATE TRIGGER private_erasure BEFORE DELETE ON register_entry_private FOR EACH ROW EXECUTE FUNCTION register_erasure_only();
CREATE TRIGGER private_still BEFORE UPDATE ON register_entry_private FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER private_whole BEFORE TRUNCATE ON register_entry_private EXECUTE FUNCTION register_refuse();
"""

TABLES = ("register_entry", "register_leaf", "register_checkpoint", "register_cosignature")
STILL = "".join(
    f"""
CREATE TRIGGER {table}_still BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION register_refuse();
"""
    for table in TABLES
)
NOT_STILL = "".join(f"DROP TRIGGER {table}_still ON {table}; DROP TRIGGER {table}_whole ON {table};" for table in TABLES)

UNDO = """
DROP TRIGGER book_forward ON register_book;
DROP TRIGGER private_erasure ON register_entry_private;
DROP TRIGGER private_still ON register_entry_private;
DROP TRIGGER private_whole ON register_entry_private;
DROP FUNCTION register_next(text, text, text, uuid);
DROP FUNCTION register_erase(uuid);
DROP FUNCTION register_book_forward();
DROP FUNCTION register_erasure_only();
DROP FUNCTION register_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.RunSQL(NEXT + IMMUTABLE, UNDO),
        migrations.RunSQL(STILL, NOT_STILL),
    ]

"""What the database itself guarantees of money: movements that balance, and that nobody changes."""

from django.db import migrations

BALANCE = """
CREATE FUNCTION fees_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_movement uuid := CASE TG_TABLE_NAME WHEN 'fees_movement' THEN (to_jsonb(NEW)->>'id')::uuid
                                            ELSE (to_jsonb(NEW)->>'movement_id')::uuid END;
BEGIN
    IF (SELECT count(*) FROM fees_line WHERE movement_id = the_movement) < 2 OR EXISTS (
        SELECT FROM fees_line l JOIN fees_account a ON a.id = l.account_id
        WHERE l.movement_id = the_movement GROUP BY a.currency HAVING sum(l.amount) <> 0
    ) THEN
        RAISE EXCEPTION 'the lines of movement % do not come to nothing', the_movement USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER movement_balanced AFTER INSERT ON fees_movement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION fees_balanced();
CREATE CONSTRAINT TRIGGER line_balanced AFTER INSERT ON fees_line DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION fees_balanced();
"""

TABLES = ("fees_movement", "fees_line", "fees_account", "fees_receiptline", "fees_orderline")
STILL = "".join(
    f"""
CREATE TRIGGER {table}_still BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION register_refuse();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION register_refuse();
"""
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_still ON {table}; DROP TRIGGER {table}_whole ON {table};" for table in TABLES) + """
DROP TRIGGER movement_balanced ON fees_movement;
DROP TRIGGER line_balanced ON fees_line;
DROP FUNCTION fees_balanced();
"""


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial"), ("register", "0002_law")]

    operations = [migrations.RunSQL(BALANCE + STILL, UNDO)]

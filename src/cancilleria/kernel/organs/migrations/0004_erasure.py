"""An act of erasure empties what was written to justify a proposal about its subject; nothing else of one ever changes."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION organs_proposal_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' OR (NEW.id, NEW.verb, NEW.organ_id, NEW.subject, NEW.arguments, NEW.proposer_id, NEW.proposed_by,
        NEW.entry_id) IS DISTINCT FROM (OLD.id, OLD.verb, OLD.organ_id, OLD.subject, OLD.arguments, OLD.proposer_id,
        OLD.proposed_by, OLD.entry_id) THEN
        RAISE EXCEPTION 'a proposal is answered once and never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
AFTER = """
CREATE OR REPLACE FUNCTION organs_proposal_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'arguments' = to_jsonb(OLD) - 'arguments' AND EXISTS (
        SELECT FROM register_withheld w JOIN register_entry e ON w.subject = ANY (e.subjects)
        WHERE e.id = OLD.entry_id AND w.what = 'erased'
    ) THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'open' OR (NEW.id, NEW.verb, NEW.organ_id, NEW.subject, NEW.arguments, NEW.proposer_id, NEW.proposed_by,
        NEW.entry_id) IS DISTINCT FROM (OLD.id, OLD.verb, OLD.organ_id, OLD.subject, OLD.arguments, OLD.proposer_id,
        OLD.proposed_by, OLD.entry_id) THEN
        RAISE EXCEPTION 'a proposal is answered once and never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organs", "0003_offices"), ("register", "0004_keeping_law")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]

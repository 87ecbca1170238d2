"""The triggers that refuse to change or delete a sealed entry, as SQL for each database.

Migrations run the same statements as ``create_all``. They stop mistakes and make
tampering deliberate; what proves its absence is the chain.
"""

KEPT = ("id", "kind", "subject", "actor_id", "principal_id", "recorded_at", "facts", "commitment")

SQLITE = (
    """CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END""",
    f"""CREATE TRIGGER ledger_entries_keep BEFORE UPDATE ON ledger_entries
WHEN OLD.number IS NOT NULL OR {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in KEPT)}
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END""",
)

POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION ledger_entries_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a ledger entry is never deleted' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF OLD.number IS NOT NULL OR {" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in KEPT)} THEN
    RAISE EXCEPTION 'a ledger entry is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
    """CREATE TRIGGER ledger_entries_keep BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION ledger_entries_keep()""",
)

REMOVAL = {
    "sqlite": ("DROP TRIGGER ledger_entries_stay", "DROP TRIGGER ledger_entries_keep"),
    "postgresql": (
        "DROP TRIGGER ledger_entries_keep ON ledger_entries",
        "DROP FUNCTION ledger_entries_keep()",
    ),
}


def statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that put the triggers on, for ``sqlite`` or ``postgresql``."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[dialect]


def removal(dialect: str) -> tuple[str, ...]:
    """Return the statements that take them off again, for a migration downwards."""
    return REMOVAL[dialect]

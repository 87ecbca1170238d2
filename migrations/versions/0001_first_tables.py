"""The first tables, and the triggers that keep ledger entries as they are.

Revision ID: 0001
Revises: 
Create Date: 2026-11-23 10:28:02.141488

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


ON = {
    "sqlite": (
    """CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END""",
    """CREATE TRIGGER ledger_entries_keep BEFORE UPDATE ON ledger_entries
WHEN OLD.number IS NOT NULL OR OLD.id IS NOT NEW.id OR OLD.kind IS NOT NEW.kind OR OLD.subject IS NOT NEW.subject OR OLD.actor_id IS NOT NEW.actor_id OR OLD.principal_id IS NOT NEW.principal_id OR OLD.recorded_at IS NOT NEW.recorded_at OR OLD.facts IS NOT NEW.facts OR OLD.commitment IS NOT NEW.commitment
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END""",
),
    "postgresql": (
    """CREATE OR REPLACE FUNCTION ledger_entries_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a ledger entry is never deleted' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF OLD.number IS NOT NULL OR OLD.id IS DISTINCT FROM NEW.id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.subject IS DISTINCT FROM NEW.subject OR OLD.actor_id IS DISTINCT FROM NEW.actor_id OR OLD.principal_id IS DISTINCT FROM NEW.principal_id OR OLD.recorded_at IS DISTINCT FROM NEW.recorded_at OR OLD.facts IS DISTINCT FROM NEW.facts OR OLD.commitment IS DISTINCT FROM NEW.commitment THEN
    RAISE EXCEPTION 'a ledger entry is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
    """CREATE TRIGGER ledger_entries_keep BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION ledger_entries_keep()""",
),
}
OFF = {'sqlite': ('DROP TRIGGER ledger_entries_stay', 'DROP TRIGGER ledger_entries_keep'), 'postgresql': ('DROP TRIGGER ledger_entries_keep ON ledger_entries', 'DROP FUNCTION ledger_entries_keep()')}


def upgrade():
    op.create_table('access_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_log'))
    )
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.create_index('ix_access_log_subject', ['subject'], unique=False)

    op.create_table('case_counters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_counters')),
    sa.UniqueConstraint('year', name=op.f('uq_case_counters_year'))
    )
    op.create_table('inbound_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.String(length=80), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('provider_keyword', sa.String(length=10), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('routed_to', sa.String(length=40), nullable=True),
    sa.Column('routed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=200), nullable=True),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handled_by', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_messages')),
    sa.UniqueConstraint('provider_id', name=op.f('uq_inbound_messages_provider_id'))
    )
    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.create_index('ix_inbound_messages_routed_to', ['routed_to'], unique=False)
        batch_op.create_index('ix_inbound_messages_sender', ['sender'], unique=False)
        batch_op.create_index('ix_inbound_messages_waiting', ['retry_at'], unique=False, sqlite_where=sa.text('routed_at IS NULL'), postgresql_where=sa.text('routed_at IS NULL'))

    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('progress', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'running') = (lease_owner IS NOT NULL)", name=op.f('ck_jobs_leased_while_running')),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f('ck_jobs_known_state')),
    sa.CheckConstraint('(lease_owner IS NULL) = (lease_until IS NULL)', name=op.f('ck_jobs_lease_is_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_jobs_kind_key'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_due', ['state', 'not_before'], unique=False)

    op.create_table('leases',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=False),
    sa.Column('renewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_leases'))
    )
    op.create_table('ledger_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('previous', sa.String(length=64), nullable=True),
    sa.Column('hash', sa.String(length=64), nullable=True),
    sa.CheckConstraint('(number IS NULL) = (hash IS NULL)', name=op.f('ck_ledger_entries_sealed_whole')),
    sa.CheckConstraint('(number IS NULL) = (previous IS NULL)', name=op.f('ck_ledger_entries_sealed_with_previous')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_ledger_entries_numbered_from_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entries')),
    sa.UniqueConstraint('number', name=op.f('uq_ledger_entries_number'))
    )
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entries_subject', ['subject'], unique=False)
        batch_op.create_index('ix_ledger_entries_unsealed', ['id'], unique=False, sqlite_where=sa.text('number IS NULL'), postgresql_where=sa.text('number IS NULL'))

    op.create_table('ledger_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_ledger_head_only_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_head'))
    )
    op.create_table('opt_out_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('brand', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opt_out_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_opt_out_links_token_hash'))
    )
    op.create_table('opt_outs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(scope = 'all') = (principal_id IS NULL)", name=op.f('ck_opt_outs_scope_names_principal')),
    sa.CheckConstraint("scope IN ('principal', 'all')", name=op.f('ck_opt_outs_known_scope')),
    sa.CheckConstraint("source IN ('sms', 'provider', 'link', 'person')", name=op.f('ck_opt_outs_known_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opt_outs'))
    )
    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.create_index('ix_opt_outs_address_hash', ['address_hash'], unique=False)

    op.create_table('outbox_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('business_key', sa.String(length=200), nullable=False),
    sa.Column('subject_key', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('message_class', sa.String(length=10), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('recipient_hash', sa.String(length=64), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=True),
    sa.Column('secrets', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=False),
    sa.Column('window', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held', sa.String(length=20), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('look_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('provider_id', sa.String(length=80), nullable=True),
    sa.Column('last_error', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'claimed') = (lease_owner IS NOT NULL)", name=op.f('ck_outbox_messages_leased_while_claimed')),
    sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f('ck_outbox_messages_known_channel')),
    sa.CheckConstraint("message_class IN ('relation', 'marketing')", name=op.f('ck_outbox_messages_known_class')),
    sa.CheckConstraint("purpose IN ('survey', 'reminder', 'interview', 'acknowledgement', 'reply', 'decision', 'alert', 'account', 'confirmation')", name=op.f('ck_outbox_messages_known_purpose')),
    sa.CheckConstraint("state IN ('queued', 'claimed', 'in_doubt', 'needs_human', 'accepted', 'sending', 'sent', 'timed_out', 'delivered', 'undelivered', 'failed', 'rejected', 'suppressed', 'expired')", name=op.f('ck_outbox_messages_known_state')),
    sa.CheckConstraint('(lease_owner IS NULL) = (lease_until IS NULL)', name=op.f('ck_outbox_messages_lease_is_whole')),
    sa.CheckConstraint('priority IN (0, 1)', name=op.f('ck_outbox_messages_known_priority')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_messages')),
    sa.UniqueConstraint('business_key', name=op.f('uq_outbox_messages_business_key')),
    sa.UniqueConstraint('provider_id', name=op.f('uq_outbox_messages_provider_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_outbox_messages_public_id'))
    )
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_messages_created_at', ['created_at'], unique=False)
        batch_op.create_index('ix_outbox_messages_ready', ['priority', 'not_before', 'id'], unique=False, sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))
        batch_op.create_index('ix_outbox_messages_recipient_hash', ['recipient_hash'], unique=False)
        batch_op.create_index('ix_outbox_messages_state', ['state'], unique=False)
        batch_op.create_index('ix_outbox_messages_subject_key', ['subject_key'], unique=False)

    op.create_table('principals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('brand', sa.String(length=40), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('sms_sender', sa.String(length=20), nullable=False),
    sa.Column('reply_email', sa.String(length=254), nullable=False),
    sa.Column('mediator_name', sa.String(length=200), nullable=False),
    sa.Column('mediator_address', sa.String(length=400), nullable=False),
    sa.Column('mediator_url', sa.String(length=400), nullable=False),
    sa.Column('controller', sa.String(length=400), nullable=False),
    sa.Column('privacy_notice', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("language IN ('fr', 'en')", name=op.f('ck_principals_language')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_principals')),
    sa.UniqueConstraint('key', name=op.f('uq_principals_key'))
    )
    op.create_table('questionnaires',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaires')),
    sa.UniqueConstraint('key', name=op.f('uq_questionnaires_key'))
    )
    op.create_table('schedules',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_schedules'))
    )
    op.create_table('sender_pauses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f('ck_sender_pauses_known_channel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_pauses')),
    sa.UniqueConstraint('channel', name=op.f('uq_sender_pauses_channel'))
    )
    op.create_table('simulated_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sid', sa.String(length=40), nullable=False),
    sa.Column('direction', sa.String(length=3), nullable=False),
    sa.Column('phone', sa.String(length=320), nullable=False),
    sa.Column('number', sa.String(length=320), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('reference', sa.String(length=32), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('error_code', sa.String(length=10), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("direction IN ('out', 'in')", name=op.f('ck_simulated_messages_known_direction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulated_messages')),
    sa.UniqueConstraint('sid', name=op.f('uq_simulated_messages_sid'))
    )
    with op.batch_alter_table('simulated_messages', schema=None) as batch_op:
        batch_op.create_index('ix_simulated_messages_next_at', ['next_at'], unique=False)
        batch_op.create_index('ix_simulated_messages_phone', ['phone'], unique=False)

    op.create_table('sites',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('holiday_region', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sites')),
    sa.UniqueConstraint('key', name=op.f('uq_sites_key'))
    )
    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('principal_ids', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('site_ids', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('admin', 'quality', 'manager', 'handler', 'reviewer', 'auditor', 'agent', 'principal')", name=op.f('ck_users_role')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_users_fs_uniquifier'))
    )
    op.create_table('binders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('survey_key', sa.String(length=80), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('built_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.CheckConstraint('(built_at IS NULL) = (sha256 IS NULL)', name=op.f('ck_binders_built_is_hashed')),
    sa.CheckConstraint('(built_at IS NULL) = (size IS NULL)', name=op.f('ck_binders_built_has_size')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_binders_days_in_order')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_binders_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_binders'))
    )
    with op.batch_alter_table('binders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_binders_principal_id'), ['principal_id'], unique=False)

    op.create_table('customers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('phone_takes_sms', sa.Boolean(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_customers_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customers')),
    sa.UniqueConstraint('principal_id', 'phone', name=op.f('uq_customers_principal_id_phone'))
    )
    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.create_index('ix_customers_phone', ['phone'], unique=False)
        batch_op.create_index('ix_customers_principal_email', ['principal_id', 'email'], unique=False)

    op.create_table('import_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_ids', sa.JSON(), nullable=True),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=True),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('separator', sa.String(length=1), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('error', sa.String(length=60), nullable=True),
    sa.Column('total_rows', sa.Integer(), nullable=False),
    sa.Column('read_rows', sa.Integer(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('warned', sa.Integer(), nullable=False),
    sa.Column('late', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('received', 'queued', 'running', 'done', 'failed')", name=op.f('ck_import_batches_state')),
    sa.CheckConstraint('read_rows = added + known + rejected', name=op.f('ck_import_batches_counts_add_up')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_import_batches_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batches'))
    )
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.create_index('ix_import_batches_principal', ['principal_id'], unique=False)

    op.create_table('ledger_salts',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entries.id'], name=op.f('fk_ledger_salts_entry_id_ledger_entries')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_ledger_salts'))
    )
    op.create_table('mappings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_mappings_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mappings')),
    sa.UniqueConstraint('principal_id', 'source', name=op.f('uq_mappings_principal_id_source'))
    )
    op.create_table('outbox_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=True),
    sa.Column('provider_id', sa.String(length=80), nullable=True),
    sa.Column('public_id', sa.String(length=32), nullable=True),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("source IN ('outbox', 'dispatcher', 'provider', 'person')", name=op.f('ck_outbox_events_known_source')),
    sa.ForeignKeyConstraint(['message_id'], ['outbox_messages.id'], name=op.f('fk_outbox_events_message_id_outbox_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_events')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_events_key'))
    )
    with op.batch_alter_table('outbox_events', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_events_message_id', ['message_id'], unique=False)
        batch_op.create_index('ix_outbox_events_waiting', ['id'], unique=False, sqlite_where=sa.text('applied_at IS NULL'), postgresql_where=sa.text('applied_at IS NULL'))

    op.create_table('periods',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Integer(), nullable=True),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('frame_hash', sa.String(length=64), nullable=True),
    sa.CheckConstraint('(closed_at IS NULL) = (frame_hash IS NULL)', name=op.f('ck_periods_hash_on_closing')),
    sa.CheckConstraint('(closed_at IS NULL) = (population IS NULL)', name=op.f('ck_periods_population_on_closing')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_periods_days_in_order')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_periods_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_periods')),
    sa.UniqueConstraint('principal_id', 'first_day', name=op.f('uq_periods_principal_id_first_day')),
    sa.UniqueConstraint('principal_id', 'last_day', name=op.f('uq_periods_principal_id_last_day'))
    )
    op.create_table('questionnaire_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('questionnaire_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(published_at IS NULL) = (content_hash IS NULL)', name=op.f('ck_questionnaire_versions_published_is_hashed')),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaires.id'], name=op.f('fk_questionnaire_versions_questionnaire_id_questionnaires')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_versions')),
    sa.UniqueConstraint('questionnaire_id', 'number', name=op.f('uq_questionnaire_versions_questionnaire_id_number'))
    )
    with op.batch_alter_table('questionnaire_versions', schema=None) as batch_op:
        batch_op.create_index('ix_questionnaire_versions_one_draft', ['questionnaire_id'], unique=True, sqlite_where=sa.text('published_at IS NULL'), postgresql_where=sa.text('published_at IS NULL'))

    op.create_table('binder_files',
    sa.Column('binder_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['binder_id'], ['binders.id'], name=op.f('fk_binder_files_binder_id_binders')),
    sa.PrimaryKeyConstraint('binder_id', name=op.f('pk_binder_files'))
    )
    op.create_table('contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('external_id', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('direction', sa.String(length=3), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.CheckConstraint("channel IN ('phone', 'email', 'chat', 'sms', 'post', 'web', 'social')", name=op.f('ck_contacts_channel')),
    sa.CheckConstraint("direction IN ('in', 'out')", name=op.f('ck_contacts_direction')),
    sa.CheckConstraint("outcome IN ('answered', 'abandoned', 'unanswered', 'unknown')", name=op.f('ck_contacts_outcome')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_contacts_batch_id_import_batches')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_contacts_customer_id_customers')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_contacts_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_contacts_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('principal_id', 'source', 'external_id', name=op.f('uq_contacts_principal_id_source_external_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contacts_public_id'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index('ix_contacts_batch', ['batch_id'], unique=False)
        batch_op.create_index('ix_contacts_customer', ['customer_id'], unique=False)
        batch_op.create_index('ix_contacts_principal_started', ['principal_id', 'started_at'], unique=False)
        batch_op.create_index('ix_contacts_started', ['started_at'], unique=False)

    op.create_table('import_files',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_files_batch_id_import_batches'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('batch_id', name=op.f('pk_import_files'))
    )
    op.create_table('import_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind IN ('reject', 'warning')", name=op.f('ck_import_notes_kind')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_notes_batch_id_import_batches'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_notes'))
    )
    with op.batch_alter_table('import_notes', schema=None) as batch_op:
        batch_op.create_index('ix_import_notes_batch', ['batch_id', 'kind', 'line'], unique=False)

    op.create_table('programmes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('collection', sa.String(length=10), nullable=False),
    sa.Column('promise', sa.String(length=20), nullable=False),
    sa.Column('validity_days', sa.Integer(), nullable=False),
    sa.Column('low_score', sa.Integer(), nullable=True),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('strata', sa.JSON(), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('sample_size', sa.Integer(), nullable=True),
    sa.Column('minimum', sa.Integer(), nullable=False),
    sa.Column('fixed_sizes', sa.JSON(), nullable=False),
    sa.Column('quarantine_days', sa.Integer(), nullable=False),
    sa.Column('sending_window', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("collection IN ('sms', 'web', 'file')", name=op.f('ck_programmes_collection')),
    sa.CheckConstraint("method IN ('everyone', 'proportional', 'equal', 'fixed')", name=op.f('ck_programmes_method')),
    sa.CheckConstraint("promise IN ('confidential', 'followed_up')", name=op.f('ck_programmes_promise')),
    sa.CheckConstraint('quarantine_days >= 0', name=op.f('ck_programmes_quarantine_days')),
    sa.CheckConstraint('validity_days > 0', name=op.f('ck_programmes_validity_days')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_programmes_principal_id_principals')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_versions.id'], name=op.f('fk_programmes_version_id_questionnaire_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programmes')),
    sa.UniqueConstraint('key', name=op.f('uq_programmes_key'))
    )
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programmes_principal_id'), ['principal_id'], unique=False)

    op.create_table('cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=24), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('filing_key', sa.String(length=120), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('invitation', sa.String(length=64), nullable=True),
    sa.Column('follows_id', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('phone_takes_sms', sa.Boolean(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by', sa.Integer(), nullable=True),
    sa.Column('answer_copy', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=True),
    sa.Column('handler_id', sa.Integer(), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_kind', sa.String(length=20), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("channel IN ('phone', 'email', 'chat', 'sms', 'post', 'web', 'social', 'survey')", name=op.f('ck_cases_channel')),
    sa.CheckConstraint("language IN ('fr', 'en')", name=op.f('ck_cases_language')),
    sa.CheckConstraint("origin IN ('spontaneous', 'survey')", name=op.f('ck_cases_origin')),
    sa.CheckConstraint("state IN ('received', 'in_progress', 'answered', 'late_appeal', 'appealed', 'appeal_in_progress', 'appeal_answered', 'closed', 'withdrawn')", name=op.f('ck_cases_state')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_cases_contact_id_contacts')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_cases_customer_id_customers')),
    sa.ForeignKeyConstraint(['follows_id'], ['cases.id'], name=op.f('fk_cases_follows_id_cases')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_cases_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_cases_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('filing_key', name=op.f('uq_cases_filing_key')),
    sa.UniqueConstraint('invitation', name=op.f('uq_cases_invitation')),
    sa.UniqueConstraint('reference', name=op.f('uq_cases_reference')),
    sa.UniqueConstraint('uid', name=op.f('uq_cases_uid')),
    sa.UniqueConstraint('year', 'number', name=op.f('uq_cases_year_number'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_customer', ['customer_id'], unique=False)
        batch_op.create_index('ix_cases_phone', ['phone'], unique=False)
        batch_op.create_index('ix_cases_registered', ['principal_id', 'registered_at'], unique=False)
        batch_op.create_index('ix_cases_worklist', ['principal_id', 'state', 'due_at'], unique=False)

    op.create_table('holds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(customer_id IS NULL) != (contact_id IS NULL)', name=op.f('ck_holds_one_subject')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_holds_contact_id_contacts')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_holds_customer_id_customers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holds')),
    sa.UniqueConstraint('key', name=op.f('uq_holds_key'))
    )
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.create_index('ix_holds_contact', ['contact_id'], unique=False)
        batch_op.create_index('ix_holds_customer', ['customer_id'], unique=False)

    op.create_table('seed_commitments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('seed', sa.String(length=128), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('committed_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_seed_commitments_programme_id_programmes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seed_commitments')),
    sa.UniqueConstraint('commitment', name=op.f('uq_seed_commitments_commitment')),
    sa.UniqueConstraint('programme_id', 'first_day', 'last_day', name=op.f('uq_seed_commitments_programme_id_first_day_last_day'))
    )
    op.create_table('case_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('party', sa.String(length=10), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('submission_key', sa.String(length=64), nullable=True),
    sa.CheckConstraint("kind IN ('register', 'assign', 'entrust', 'place', 'acknowledge', 'classify', 'decide', 'file_appeal', 'file_late_appeal', 'accept_late_appeal', 'refer_late_appeal', 'assign_appeal', 'decide_appeal', 'close', 'withdraw', 'send_message', 'receive_message', 'note')", name=op.f('ck_case_events_kind')),
    sa.CheckConstraint("party IN ('customer', 'staff', 'system')", name=op.f('ck_case_events_party')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_events_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_events')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_case_events_case_id_number')),
    sa.UniqueConstraint('case_id', 'submission_key', name=op.f('uq_case_events_case_id_submission_key'))
    )
    op.create_table('case_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('direction', sa.String(length=3), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('outbox_key', sa.String(length=120), nullable=True),
    sa.CheckConstraint("direction IN ('in', 'out')", name=op.f('ck_case_messages_direction')),
    sa.CheckConstraint("kind IN ('complaint', 'receipt', 'acknowledgement', 'message', 'decision', 'appeal', 'appeal_decision', 'notice')", name=op.f('ck_case_messages_kind')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_messages_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_messages'))
    )
    with op.batch_alter_table('case_messages', schema=None) as batch_op:
        batch_op.create_index('ix_case_messages_case', ['case_id'], unique=False)

    op.create_table('draws',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('seed_commitment_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('refusal', sa.JSON(), nullable=True),
    sa.Column('requested', sa.Integer(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requested_by', sa.Integer(), nullable=True),
    sa.Column('progress', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=True),
    sa.Column('seed_commitment', sa.String(length=64), nullable=False),
    sa.Column('seed', sa.String(length=128), nullable=True),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('frame_hash', sa.String(length=64), nullable=True),
    sa.Column('allocation', sa.JSON(), nullable=False),
    sa.Column('one_per_customer', sa.Boolean(), nullable=False),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('eligible', sa.Integer(), nullable=True),
    sa.Column('drawn', sa.Integer(), nullable=True),
    sa.Column('exclusions', sa.JSON(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'drawn') = (frame_hash IS NOT NULL)", name=op.f('ck_draws_drawn_has_its_frame')),
    sa.CheckConstraint("(state = 'drawn') = (seed IS NOT NULL)", name=op.f('ck_draws_drawn_reveals_its_seed')),
    sa.CheckConstraint("state IN ('requested', 'drawn', 'refused')", name=op.f('ck_draws_state')),
    sa.ForeignKeyConstraint(['period_id'], ['periods.id'], name=op.f('fk_draws_period_id_periods')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_draws_principal_id_principals')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_draws_programme_id_programmes')),
    sa.ForeignKeyConstraint(['seed_commitment_id'], ['seed_commitments.id'], name=op.f('fk_draws_seed_commitment_id_seed_commitments')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_versions.id'], name=op.f('fk_draws_version_id_questionnaire_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draws')),
    sa.UniqueConstraint('programme_id', 'period_id', name=op.f('uq_draws_programme_id_period_id'))
    )
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draws_principal_id'), ['principal_id'], unique=False)

    op.create_table('internal_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_internal_notes_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internal_notes'))
    )
    with op.batch_alter_table('internal_notes', schema=None) as batch_op:
        batch_op.create_index('ix_internal_notes_case', ['case_id'], unique=False)

    op.create_table('proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('invitation', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('wants', sa.String(length=10), nullable=False),
    sa.Column('answer_copy', sa.JSON(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('qualification', sa.String(length=16), nullable=True),
    sa.Column('qualified_party', sa.String(length=10), nullable=True),
    sa.Column('qualified_by', sa.Integer(), nullable=True),
    sa.Column('qualified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('profile', sa.String(length=40), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=10), nullable=False),
    sa.Column('region', sa.String(length=20), nullable=False),
    sa.Column('calendar_version', sa.String(length=12), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("qualification != 'complaint' OR case_id IS NOT NULL", name=op.f('ck_proposals_complaint_has_case')),
    sa.CheckConstraint("qualification IN ('complaint', 'not_complaint')", name=op.f('ck_proposals_qualification')),
    sa.CheckConstraint("qualified_party IN ('customer', 'staff')", name=op.f('ck_proposals_qualified_party')),
    sa.CheckConstraint('(qualification IS NULL) = (qualified_at IS NULL)', name=op.f('ck_proposals_qualified_whole')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_proposals_case_id_cases')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_proposals_contact_id_contacts')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_proposals_customer_id_customers')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_proposals_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_proposals_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals')),
    sa.UniqueConstraint('invitation', name=op.f('uq_proposals_invitation'))
    )
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.create_index('ix_proposals_waiting', ['principal_id', 'qualification', 'due_at'], unique=False)

    op.create_table('stages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('handler_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.CheckConstraint("outcome IN ('upheld', 'partly_upheld', 'rejected', 'confirmed', 'partly_changed', 'overturned')", name=op.f('ck_stages_outcome')),
    sa.CheckConstraint('level IN (1, 2)', name=op.f('ck_stages_level')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_stages_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stages')),
    sa.UniqueConstraint('case_id', 'level', name=op.f('uq_stages_case_id_level'))
    )
    op.create_table('clocks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('start_event', sa.Integer(), nullable=False),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('void_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('profile', sa.String(length=40), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=10), nullable=False),
    sa.Column('region', sa.String(length=20), nullable=False),
    sa.Column('calendar_version', sa.String(length=12), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('acknowledgement', 'answer', 'legal', 'appeal_window', 'late_appeal', 'appeal_answer')", name=op.f('ck_clocks_kind')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_clocks_case_id_cases')),
    sa.ForeignKeyConstraint(['stage_id'], ['stages.id'], name=op.f('fk_clocks_stage_id_stages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clocks')),
    sa.UniqueConstraint('case_id', 'kind', name=op.f('uq_clocks_case_id_kind'))
    )
    with op.batch_alter_table('clocks', schema=None) as batch_op:
        batch_op.create_index('ix_clocks_due', ['due_at'], unique=False)

    op.create_table('draw_strata',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('field_values', sa.JSON(), nullable=False),
    sa.Column('population', sa.Integer(), nullable=False),
    sa.Column('eligible', sa.Integer(), nullable=False),
    sa.Column('drawn', sa.Integer(), nullable=False),
    sa.CheckConstraint('drawn <= eligible AND eligible <= population', name=op.f('ck_draw_strata_adds_up')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_strata_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'stratum', name=op.f('pk_draw_strata'))
    )
    op.create_table('frame_units',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('cluster', sa.Integer(), nullable=True),
    sa.Column('drawn', sa.Boolean(), nullable=False),
    sa.Column('pi_drawn', sa.Integer(), nullable=True),
    sa.Column('pi_eligible', sa.Integer(), nullable=True),
    sa.CheckConstraint("(status = 'eligible') = (pi_eligible IS NOT NULL)", name=op.f('ck_frame_units_eligible_has_pi')),
    sa.CheckConstraint("(status = 'eligible') = (reason = '')", name=op.f('ck_frame_units_exclusion_has_a_reason')),
    sa.CheckConstraint("status IN ('ineligible', 'suppressed', 'eligible')", name=op.f('ck_frame_units_status')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_frame_units_contact_id_contacts')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_frame_units_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'contact_id', name=op.f('pk_frame_units')),
    sa.UniqueConstraint('draw_id', 'public_id', name=op.f('uq_frame_units_draw_id_public_id'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('collection', sa.String(length=10), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('token_issue', sa.Integer(), nullable=False),
    sa.Column('disposition', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("collection IN ('sms', 'web', 'file')", name=op.f('ck_invitations_collection')),
    sa.CheckConstraint("disposition IN ('drawn', 'queued', 'not_sent', 'sent', 'delivered', 'failed', 'undeliverable', 'started', 'partial', 'broken_off', 'refused', 'wrong_person', 'completed')", name=op.f('ck_invitations_disposition')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_invitations_contact_id_contacts')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_invitations_customer_id_customers')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_invitations_draw_id_draws')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_invitations_principal_id_principals')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_invitations_programme_id_programmes')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_invitations_site_id_sites')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_versions.id'], name=op.f('fk_invitations_version_id_questionnaire_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('draw_id', 'contact_id', name=op.f('uq_invitations_draw_id_contact_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_invitations_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitations_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index('ix_invitations_customer', ['customer_id', 'principal_id', 'sent_at'], unique=False)
        batch_op.create_index('ix_invitations_draw', ['draw_id', 'disposition'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_programme_id'), ['programme_id'], unique=False)

    op.create_table('letters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered_by', sa.String(length=10), nullable=False),
    sa.Column('outbox_key', sa.String(length=120), nullable=True),
    sa.CheckConstraint("delivered_by IN ('email', 'sms', 'follow')", name=op.f('ck_letters_delivered_by')),
    sa.CheckConstraint("kind IN ('decision', 'appeal_decision')", name=op.f('ck_letters_kind')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_letters_case_id_cases')),
    sa.ForeignKeyConstraint(['stage_id'], ['stages.id'], name=op.f('fk_letters_stage_id_stages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    sa.UniqueConstraint('stage_id', name=op.f('uq_letters_stage_id'))
    )
    op.create_table('answer_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('question_id', sa.String(length=40), nullable=True),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('step', sa.String(length=60), nullable=False),
    sa.Column('in_turn', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('idempotency_key', sa.String(length=120), nullable=False),
    sa.CheckConstraint("kind <> 'answer' OR question_id IS NOT NULL", name=op.f('ck_answer_events_answer_has_question')),
    sa.CheckConstraint("kind IN ('asked', 'answer', 'unread', 'skip', 'void', 'late', 'completed', 'refused', 'stopped', 'wrong_person')", name=op.f('ck_answer_events_known_kind')),
    sa.CheckConstraint("mode IN ('sms', 'web', 'file')", name=op.f('ck_answer_events_known_mode')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_answer_events_invitation_id_invitations')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_versions.id'], name=op.f('fk_answer_events_version_id_questionnaire_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_events')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_answer_events_idempotency_key')),
    sa.UniqueConstraint('invitation_id', 'position', name=op.f('uq_answer_events_invitation_id_position'))
    )
    with op.batch_alter_table('answer_events', schema=None) as batch_op:
        batch_op.create_index('ix_answer_events_version_id_question_id', ['version_id', 'question_id'], unique=False)

    op.create_table('invitation_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('disposition', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_invitation_events_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_events'))
    )
    with op.batch_alter_table('invitation_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_events_invitation_id'), ['invitation_id'], unique=False)

    op.create_table('answer_texts',
    sa.Column('answer_event_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['answer_event_id'], ['answer_events.id'], name=op.f('fk_answer_texts_answer_event_id_answer_events')),
    sa.PrimaryKeyConstraint('answer_event_id', name=op.f('pk_answer_texts'))
    )
    for statement in ON[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    for statement in OFF[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table('answer_texts')
    with op.batch_alter_table('invitation_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_events_invitation_id'))

    op.drop_table('invitation_events')
    with op.batch_alter_table('answer_events', schema=None) as batch_op:
        batch_op.drop_index('ix_answer_events_version_id_question_id')

    op.drop_table('answer_events')
    op.drop_table('letters')
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitations_programme_id'))
        batch_op.drop_index('ix_invitations_draw')
        batch_op.drop_index('ix_invitations_customer')
        batch_op.drop_index(batch_op.f('ix_invitations_contact_id'))

    op.drop_table('invitations')
    op.drop_table('frame_units')
    op.drop_table('draw_strata')
    with op.batch_alter_table('clocks', schema=None) as batch_op:
        batch_op.drop_index('ix_clocks_due')

    op.drop_table('clocks')
    op.drop_table('stages')
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.drop_index('ix_proposals_waiting')

    op.drop_table('proposals')
    with op.batch_alter_table('internal_notes', schema=None) as batch_op:
        batch_op.drop_index('ix_internal_notes_case')

    op.drop_table('internal_notes')
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draws_principal_id'))

    op.drop_table('draws')
    with op.batch_alter_table('case_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_case_messages_case')

    op.drop_table('case_messages')
    op.drop_table('case_events')
    op.drop_table('seed_commitments')
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.drop_index('ix_holds_customer')
        batch_op.drop_index('ix_holds_contact')

    op.drop_table('holds')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_worklist')
        batch_op.drop_index('ix_cases_registered')
        batch_op.drop_index('ix_cases_phone')
        batch_op.drop_index('ix_cases_customer')

    op.drop_table('cases')
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programmes_principal_id'))

    op.drop_table('programmes')
    with op.batch_alter_table('import_notes', schema=None) as batch_op:
        batch_op.drop_index('ix_import_notes_batch')

    op.drop_table('import_notes')
    op.drop_table('import_files')
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_contacts_started')
        batch_op.drop_index('ix_contacts_principal_started')
        batch_op.drop_index('ix_contacts_customer')
        batch_op.drop_index('ix_contacts_batch')

    op.drop_table('contacts')
    op.drop_table('binder_files')
    with op.batch_alter_table('questionnaire_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_questionnaire_versions_one_draft', sqlite_where=sa.text('published_at IS NULL'), postgresql_where=sa.text('published_at IS NULL'))

    op.drop_table('questionnaire_versions')
    op.drop_table('periods')
    with op.batch_alter_table('outbox_events', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_events_waiting', sqlite_where=sa.text('applied_at IS NULL'), postgresql_where=sa.text('applied_at IS NULL'))
        batch_op.drop_index('ix_outbox_events_message_id')

    op.drop_table('outbox_events')
    op.drop_table('mappings')
    op.drop_table('ledger_salts')
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_index('ix_import_batches_principal')

    op.drop_table('import_batches')
    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.drop_index('ix_customers_principal_email')
        batch_op.drop_index('ix_customers_phone')

    op.drop_table('customers')
    with op.batch_alter_table('binders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_binders_principal_id'))

    op.drop_table('binders')
    op.drop_table('users')
    op.drop_table('sites')
    with op.batch_alter_table('simulated_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_simulated_messages_phone')
        batch_op.drop_index('ix_simulated_messages_next_at')

    op.drop_table('simulated_messages')
    op.drop_table('sender_pauses')
    op.drop_table('schedules')
    op.drop_table('questionnaires')
    op.drop_table('principals')
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_messages_subject_key')
        batch_op.drop_index('ix_outbox_messages_state')
        batch_op.drop_index('ix_outbox_messages_recipient_hash')
        batch_op.drop_index('ix_outbox_messages_ready', sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))
        batch_op.drop_index('ix_outbox_messages_created_at')

    op.drop_table('outbox_messages')
    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.drop_index('ix_opt_outs_address_hash')

    op.drop_table('opt_outs')
    op.drop_table('opt_out_links')
    op.drop_table('ledger_head')
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_entries_unsealed', sqlite_where=sa.text('number IS NULL'), postgresql_where=sa.text('number IS NULL'))
        batch_op.drop_index('ix_ledger_entries_subject')

    op.drop_table('ledger_entries')
    op.drop_table('leases')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_due')

    op.drop_table('jobs')
    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_inbound_messages_waiting', sqlite_where=sa.text('routed_at IS NULL'), postgresql_where=sa.text('routed_at IS NULL'))
        batch_op.drop_index('ix_inbound_messages_sender')
        batch_op.drop_index('ix_inbound_messages_routed_to')

    op.drop_table('inbound_messages')
    op.drop_table('case_counters')
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.drop_index('ix_access_log_subject')

    op.drop_table('access_log')

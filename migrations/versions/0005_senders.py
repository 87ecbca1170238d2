"""A row for each sender, with its rate and its pauses; resends; the text a message was written from.

Revision ID: 0005_senders
Revises: 0004_stop_scopes
Create Date: 2026-11-23 12:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0005_senders'
down_revision = '0004_stop_scopes'
branch_labels = None
depends_on = None

READY = "ix_outbox_messages_ready"
QUEUED = {"sqlite_where": sa.text("state = 'queued'"), "postgresql_where": sa.text("state = 'queued'")}


def upgrade():
    op.create_table('senders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('rate', sa.Double(), nullable=True),
    sa.Column('rate_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rate_set_by', sa.Integer(), nullable=True),
    sa.Column('tokens', sa.Double(), nullable=False),
    sa.Column('refilled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('concurrency', sa.Integer(), nullable=True),
    sa.Column('clean_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pause_code', sa.String(length=80), nullable=True),
    sa.Column('paused_since', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f('ck_senders_known_channel')),
    sa.CheckConstraint('rate > 0', name=op.f('ck_senders_rate_is_positive')),
    sa.CheckConstraint('concurrency > 0', name=op.f('ck_senders_concurrency_is_positive')),
    sa.CheckConstraint('(paused_until IS NULL) = (pause_code IS NULL)', name=op.f('ck_senders_pause_has_reason')),
    sa.CheckConstraint('(paused_until IS NULL) = (paused_since IS NULL)', name=op.f('ck_senders_pause_has_beginning')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_senders')),
    sa.UniqueConstraint('channel', 'sender', name=op.f('uq_senders_channel_sender'))
    )
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('resend', sa.Integer(), server_default='0', nullable=False))
        batch_op.drop_index(READY)
        batch_op.create_index(READY, ['channel', 'sender', 'priority', 'not_before', 'id'], unique=False, **QUEUED)
    op.execute(
        "INSERT INTO senders (channel, sender, tokens, paused_until, pause_code, paused_since)"
        " SELECT DISTINCT m.channel, m.sender, 0.0, p.until, p.code, p.since"
        " FROM outbox_messages m LEFT JOIN sender_pauses p ON p.channel = m.channel"
    )
    op.drop_table('sender_pauses')


def downgrade():
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
    op.execute(
        "INSERT INTO sender_pauses (channel, code, since, until)"
        " SELECT channel, max(pause_code), min(paused_since), max(paused_until) FROM senders"
        " WHERE paused_until IS NOT NULL GROUP BY channel"
    )
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_index(READY)
        batch_op.create_index(READY, ['priority', 'not_before', 'id'], unique=False, **QUEUED)
        batch_op.drop_column('resend')
        batch_op.drop_column('text_id')
    op.drop_table('senders')

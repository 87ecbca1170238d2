"""What an operator watches: indexes for the list and the rates, reasons of acts, refused calls.

Revision ID: 0010_watching
Revises: 0009_alerts
Create Date: 2026-11-23 12:45:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0010_watching'
down_revision = '0009_alerts'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('sender_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('rate', sa.Double(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f('ck_sender_changes_known_channel')),
    sa.CheckConstraint("kind IN ('paused', 'resumed', 'rate')", name=op.f('ck_sender_changes_known_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_changes'))
    )
    op.create_index('ix_sender_changes_channel_sender', 'sender_changes', ['channel', 'sender'], unique=False)
    op.add_column('outbox_events', sa.Column('note', sa.String(length=200), nullable=True))
    op.drop_index('ix_outbox_messages_state', table_name='outbox_messages')
    op.create_index('ix_outbox_messages_state_created_at', 'outbox_messages', ['state', 'created_at', 'channel', 'principal_id', 'site_id'], unique=False)
    op.create_index('ix_outbox_messages_sent_at', 'outbox_messages', ['sent_at'], unique=False)


def downgrade():
    op.drop_index('ix_outbox_messages_sent_at', table_name='outbox_messages')
    op.drop_index('ix_outbox_messages_state_created_at', table_name='outbox_messages')
    op.create_index('ix_outbox_messages_state', 'outbox_messages', ['state'], unique=False)
    with op.batch_alter_table('outbox_events', schema=None) as batch_op:
        batch_op.drop_column('note')
    op.drop_index('ix_sender_changes_channel_sender', table_name='sender_changes')
    op.drop_table('sender_changes')

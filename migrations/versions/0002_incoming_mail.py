"""E-mail that comes in, and threads of e-mail that go out.

Revision ID: 0002_incoming_mail
Revises: 0001
Create Date: 2026-11-23

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0002_incoming_mail'
down_revision = '0001'
branch_labels = None
depends_on = None

INBOUND = (
    sa.Column('channel', sa.String(length=10), server_default='sms', nullable=False),
    sa.Column('kind', sa.String(length=10), server_default='message', nullable=False),
    sa.Column('sender_name', sa.String(length=200), server_default='', nullable=False),
    sa.Column('subject', sa.Text(), server_default='', nullable=False),
    sa.Column('full_text', sa.Text(), nullable=True),
    sa.Column('message_id', sa.String(length=400), nullable=True),
    sa.Column('answers', sa.JSON(), server_default='[]', nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('raw_sha256', sa.String(length=64), nullable=True),
    sa.Column('raw_path', sa.String(length=200), nullable=True),
    sa.Column('raw_bytes', sa.Integer(), nullable=True),
    sa.Column('attachments', sa.JSON(), server_default='[]', nullable=False),
    sa.Column('defects', sa.JSON(), server_default='[]', nullable=False),
    sa.Column('routed_why', sa.String(length=40), nullable=True),
    sa.Column('subject_key', sa.String(length=120), nullable=True),
)
OUTBOX = (
    sa.Column('brand', sa.String(length=200), server_default='', nullable=False),
    sa.Column('in_reply_to', sa.String(length=400), nullable=True),
)


def upgrade():
    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        for column in INBOUND:
            batch_op.add_column(column.copy())
        batch_op.create_check_constraint('known_channel', "channel IN ('sms', 'email')")
        batch_op.create_check_constraint('known_kind', "kind IN ('message', 'automatic', 'bounce', 'own')")
        batch_op.create_index('ix_inbound_messages_subject_key', ['subject_key'], unique=False)
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        for column in OUTBOX:
            batch_op.add_column(column.copy())
    op.create_table('mailboxes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=320), nullable=False),
    sa.Column('uid_validity', sa.BigInteger(), nullable=False),
    sa.Column('first_uid', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailboxes')),
    sa.UniqueConstraint('name', 'uid_validity', name=op.f('uq_mailboxes_name_uid_validity'))
    )
    op.create_table('fetched_mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mailbox_id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.BigInteger(), nullable=False),
    sa.Column('raw_sha256', sa.String(length=64), nullable=False),
    sa.Column('inbound_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_messages.id'], name=op.f('fk_fetched_mails_inbound_id_inbound_messages')),
    sa.ForeignKeyConstraint(['mailbox_id'], ['mailboxes.id'], name=op.f('fk_fetched_mails_mailbox_id_mailboxes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fetched_mails')),
    sa.UniqueConstraint('mailbox_id', 'uid', name=op.f('uq_fetched_mails_mailbox_id_uid'))
    )
    with op.batch_alter_table('fetched_mails', schema=None) as batch_op:
        batch_op.create_index('ix_fetched_mails_inbound_id', ['inbound_id'], unique=False)


def downgrade():
    op.drop_table('fetched_mails')
    op.drop_table('mailboxes')
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        for column in reversed(OUTBOX):
            batch_op.drop_column(column.name)
    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_inbound_messages_subject_key')
        batch_op.drop_constraint('known_kind', type_='check')
        batch_op.drop_constraint('known_channel', type_='check')
        for column in reversed(INBOUND):
            batch_op.drop_column(column.name)

"""What messages say, in versions, and what a part of an SMS costs.

Revision ID: 0007_message_texts
Revises: 0006_sending_windows
Create Date: 2026-11-23

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0007_message_texts'
down_revision = '0006_sending_windows'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('message_texts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('in_force', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f('ck_message_texts_known_channel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_texts')),
    sa.UniqueConstraint('key', 'channel', 'language', name=op.f('uq_message_texts_key_channel_language'))
    )
    op.create_table('message_text_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('folded', sa.Boolean(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_message_text_versions_numbered_from_one')),
    sa.ForeignKeyConstraint(['text_id'], ['message_texts.id'], name=op.f('fk_message_text_versions_text_id_message_texts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_text_versions')),
    sa.UniqueConstraint('text_id', 'number', name=op.f('uq_message_text_versions_text_id_number'))
    )
    op.create_table('sms_prices',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('millionths', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('id = 1', name=op.f('ck_sms_prices_one_row')),
    sa.CheckConstraint('millionths >= 0', name=op.f('ck_sms_prices_no_gain')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_prices'))
    )


def downgrade():
    op.drop_table('sms_prices')
    op.drop_table('message_text_versions')
    op.drop_table('message_texts')

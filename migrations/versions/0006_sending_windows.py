"""Sending windows that can be changed, and which messages keep to them.

Revision ID: 0006_sending_windows
Revises: 0005_senders
Create Date: 2026-11-23 12:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0006_sending_windows'
down_revision = '0005_senders'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('sending_windows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sending_windows')),
    sa.UniqueConstraint('principal_id', 'key', name=op.f('uq_sending_windows_principal_id_key'))
    )
    op.create_table('window_choices',
    sa.Column('principal_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('emails', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("purpose IN ('survey', 'acknowledgement', 'reply', 'decision')", name=op.f('ck_window_choices_known_purpose')),
    sa.PrimaryKeyConstraint('principal_id', 'purpose', name=op.f('pk_window_choices'))
    )


def downgrade():
    op.drop_table('window_choices')
    op.drop_table('sending_windows')

"""Entry points, the end of a contact, and what stood where the customer's number should be.

Revision ID: 0018_entry_points
Revises: 0017_retired_versions
Create Date: 2026-11-23 18:45:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0018_entry_points'
down_revision = '0017_retired_versions'
branch_labels = None
depends_on = None

CHANNELS = "channel IN ('phone', 'email', 'chat', 'sms', 'post', 'web', 'social')"
STATES = "phone_state IN ('given', 'absent', 'hidden', 'unreadable', 'invalid', 'of_service', 'unknown')"


def upgrade():
    op.create_table('entry_points',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('direction', sa.String(length=3), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint(CHANNELS, name=op.f('ck_entry_points_channel')),
    sa.CheckConstraint("direction IN ('in', 'out')", name=op.f('ck_entry_points_direction')),
    sa.CheckConstraint('last_day IS NULL OR first_day IS NULL OR first_day <= last_day', name=op.f('ck_entry_points_days_in_order')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_entry_points_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_entry_points_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_points')),
    sa.UniqueConstraint('principal_id', 'channel', 'direction', 'address', name=op.f('uq_entry_points_principal_id_channel_direction_address')),
    sa.UniqueConstraint('principal_id', 'key', name=op.f('uq_entry_points_principal_id_key'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('entry_point_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('phone_state', sa.String(length=12), server_default='unknown', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_contacts_entry_point_id_entry_points'), 'entry_points', ['entry_point_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_contacts_phone_state'), STATES)
        batch_op.create_index('ix_contacts_entry_point', ['entry_point_id'], unique=False)


def downgrade():
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_contacts_entry_point')
        batch_op.drop_constraint(op.f('ck_contacts_phone_state'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_contacts_entry_point_id_entry_points'), type_='foreignkey')
        batch_op.drop_column('phone_state')
        batch_op.drop_column('entry_point_id')
        batch_op.drop_column('ended_at')
    op.drop_table('entry_points')

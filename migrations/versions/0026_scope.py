"""Kinds of sites, the certified scope, what sources say they sent, and explanations of gaps.

Revision ID: 0026_scope
Revises: 0025_api_keys
Create Date: 2026-11-23 19:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0026_scope'
down_revision = '0025_api_keys'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('certified_spans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('last_day IS NULL OR first_day <= last_day', name=op.f('ck_certified_spans_days_in_order')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_certified_spans_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_certified_spans_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certified_spans'))
    )
    with op.batch_alter_table('certified_spans', schema=None) as batch_op:
        batch_op.create_index('ix_certified_spans_site', ['site_id'], unique=False)
    op.create_table('gap_explanations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('explained_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('explained_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("channel IN ('phone', 'email', 'chat', 'sms', 'post', 'web', 'social')", name=op.f('ck_gap_explanations_channel')),
    sa.CheckConstraint("kind IN ('count', 'silent')", name=op.f('ck_gap_explanations_kind')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_gap_explanations_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_gap_explanations_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap_explanations')),
    sa.UniqueConstraint('principal_id', 'kind', 'source', 'site_id', 'channel', 'day', 'expected', 'counted', name='uq_gap_explanations_gap')
    )
    op.create_table('source_counts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('contacts', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("channel IN ('phone', 'email', 'chat', 'sms', 'post', 'web', 'social')", name=op.f('ck_source_counts_channel')),
    sa.CheckConstraint('contacts >= 0', name=op.f('ck_source_counts_contacts')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_source_counts_principal_id_principals')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_source_counts_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_counts')),
    sa.UniqueConstraint('principal_id', 'source', 'site_id', 'channel', 'day', name=op.f('uq_source_counts_principal_id_source_site_id_channel_day'))
    )
    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), server_default='operational', nullable=False))
        batch_op.create_check_constraint(op.f('ck_sites_kind'), "kind IN ('operational', 'technical')")


def downgrade():
    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_sites_kind'), type_='check')
        batch_op.drop_column('kind')
    op.drop_table('source_counts')
    op.drop_table('gap_explanations')
    with op.batch_alter_table('certified_spans', schema=None) as batch_op:
        batch_op.drop_index('ix_certified_spans_site')
    op.drop_table('certified_spans')

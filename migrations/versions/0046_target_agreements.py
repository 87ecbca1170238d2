"""Target agreements, and the verdicts of each official look.

Revision ID: 0046_target_agreements
Revises: 0045_explanations
Create Date: 2026-11-24 02:53:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0046_target_agreements'
down_revision = '0045_explanations'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('target_agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'],
        name=op.f('fk_target_agreements_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target_agreements'))
    )
    with op.batch_alter_table('target_agreements', schema=None) as batch_op:
        batch_op.create_index('ix_target_agreements_principal', ['principal_id'], unique=False)

    op.create_table('target_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('formula', sa.String(length=60), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('direction', sa.String(length=10), nullable=False),
    sa.Column('target', sa.Double(), nullable=False),
    sa.Column('tolerance', sa.Double(), nullable=False),
    sa.Column('decision', sa.String(length=10), nullable=False),
    sa.Column('confidence_level', sa.Double(), nullable=False),
    sa.Column('minimum_answers', sa.Integer(), nullable=False),
    sa.Column('minimum_response', sa.Double(), nullable=True),
    sa.Column('population_name', sa.String(length=40), nullable=True),
    sa.Column('cadence', sa.String(length=10), nullable=False),
    sa.Column('site', sa.String(length=60), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('signed_for_principal', sa.String(length=200), nullable=True),
    sa.Column('signed_for_provider', sa.String(length=200), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("cadence IN ('period', 'quarter', 'year')", name=op.f('ck_target_versions_cadence')),
    sa.CheckConstraint("decision IN ('proven', 'observed')", name=op.f('ck_target_versions_decision')),
    sa.CheckConstraint('(signed_at IS NULL) = (signed_on IS NULL)'
                       ' AND (signed_at IS NULL) = (signed_for_principal IS NULL)'
                       ' AND (signed_at IS NULL) = (signed_for_provider IS NULL)',
                       name=op.f('ck_target_versions_signed_whole')),
    sa.CheckConstraint('last_day IS NULL OR first_day <= last_day', name=op.f('ck_target_versions_days_in_order')),
    sa.CheckConstraint('minimum_answers >= 1', name=op.f('ck_target_versions_some_answers')),
    sa.CheckConstraint('tolerance >= 0', name=op.f('ck_target_versions_tolerance_is_none_or_more')),
    sa.ForeignKeyConstraint(['agreement_id'], ['target_agreements.id'],
        name=op.f('fk_target_versions_agreement_id_target_agreements')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'],
        name=op.f('fk_target_versions_programme_id_programmes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target_versions')),
    sa.UniqueConstraint('agreement_id', 'number', name=op.f('uq_target_versions_agreement_id_number'))
    )
    op.create_table('target_looks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withholds', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['target_agreements.id'],
        name=op.f('fk_target_looks_agreement_id_target_agreements')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'],
        name=op.f('fk_target_looks_principal_id_principals')),
    sa.ForeignKeyConstraint(['version_id'], ['target_versions.id'],
        name=op.f('fk_target_looks_version_id_target_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target_looks')),
    sa.UniqueConstraint('agreement_id', 'first_day', 'last_day',
        name=op.f('uq_target_looks_agreement_id_first_day_last_day'))
    )
    with op.batch_alter_table('target_looks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_target_looks_principal_id'), ['principal_id'], unique=False)

    op.create_table('verdicts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('look_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('finding', sa.JSON(), nullable=False),
    sa.Column('response', sa.Double(), nullable=True),
    sa.Column('misses', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state IN ('met', 'not_met', 'above_not_proven', 'below_not_proven', 'not_measured')",
        name=op.f('ck_verdicts_state')),
    sa.ForeignKeyConstraint(['look_id'], ['target_looks.id'], name=op.f('fk_verdicts_look_id_target_looks')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_verdicts_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verdicts'))
    )
    with op.batch_alter_table('verdicts', schema=None) as batch_op:
        batch_op.create_index('ix_verdicts_look', ['look_id'], unique=False)


def downgrade():
    with op.batch_alter_table('verdicts', schema=None) as batch_op:
        batch_op.drop_index('ix_verdicts_look')

    op.drop_table('verdicts')
    with op.batch_alter_table('target_looks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_target_looks_principal_id'))

    op.drop_table('target_looks')
    op.drop_table('target_versions')
    with op.batch_alter_table('target_agreements', schema=None) as batch_op:
        batch_op.drop_index('ix_target_agreements_principal')

    op.drop_table('target_agreements')

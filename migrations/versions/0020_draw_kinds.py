"""Kinds of draw, the population each speaks of, multiplicities, more designs, and a value from the auditor.

Revision ID: 0020_draw_kinds
Revises: 0019_agreements
Create Date: 2026-11-23 19:05:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0020_draw_kinds'
down_revision = '0019_agreements'
branch_labels = None
depends_on = None

KINDS = "('batch', 'continuous')"
POPULATIONS = "('eligible_after_suppression', 'contactable')"
OLD_METHODS = "method IN ('everyone', 'proportional', 'equal', 'fixed')"
NEW_METHODS = "method IN ('everyone', 'proportional', 'equal', 'fixed', 'neyman', 'precision')"


def upgrade():
    with op.batch_alter_table('programme_versions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('draw_kind', sa.String(length=12), server_default='batch', nullable=False))
        batch_op.add_column(sa.Column('design', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_check_constraint(op.f('ck_programme_versions_draw_kind'), f'draw_kind IN {KINDS}')
        batch_op.drop_constraint(op.f('ck_programme_versions_method'), type_='check')
        batch_op.create_check_constraint(op.f('ck_programme_versions_method'), NEW_METHODS)
    with op.batch_alter_table('seed_commitments', schema=None) as batch_op:
        batch_op.alter_column('seed', existing_type=sa.String(length=128), type_=sa.String(length=400), existing_nullable=False)
        batch_op.add_column(sa.Column('auditor_value', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('auditor_value_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('auditor_value_by', sa.Integer(), nullable=True))
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), server_default='batch', nullable=False))
        batch_op.add_column(sa.Column('population_name', sa.String(length=40), server_default='eligible_after_suppression', nullable=False))
        batch_op.add_column(sa.Column('weighs_contacts', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('auditor_value', sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(op.f('ck_draws_kind'), f'kind IN {KINDS}')
        batch_op.create_check_constraint(op.f('ck_draws_population_name'), f'population_name IN {POPULATIONS}')
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pi', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('multiplicity', sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.drop_column('multiplicity')
        batch_op.drop_column('pi')
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_draws_population_name'), type_='check')
        batch_op.drop_constraint(op.f('ck_draws_kind'), type_='check')
        batch_op.drop_column('auditor_value')
        batch_op.drop_column('weighs_contacts')
        batch_op.drop_column('population_name')
        batch_op.drop_column('kind')
    with op.batch_alter_table('seed_commitments', schema=None) as batch_op:
        batch_op.drop_column('auditor_value_by')
        batch_op.drop_column('auditor_value_at')
        batch_op.drop_column('auditor_value')
        batch_op.alter_column('seed', existing_type=sa.String(length=400), type_=sa.String(length=128), existing_nullable=False)
    # What the older product does not know how to share is shared in proportion.
    op.execute("UPDATE programme_versions SET method = 'proportional' WHERE method IN ('neyman', 'precision')")
    with op.batch_alter_table('programme_versions', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_programme_versions_method'), type_='check')
        batch_op.create_check_constraint(op.f('ck_programme_versions_method'), OLD_METHODS)
        batch_op.drop_constraint(op.f('ck_programme_versions_draw_kind'), type_='check')
        batch_op.drop_column('design')
        batch_op.drop_column('draw_kind')

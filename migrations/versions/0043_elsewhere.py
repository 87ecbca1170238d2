"""Answers and figures that were collected elsewhere, apart from our own.

Revision ID: 0043_elsewhere
Revises: 0042_contact_weeks
Create Date: 2026-11-24 03:15:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0043_elsewhere'
down_revision = '0042_contact_weeks'
branch_labels = None
depends_on = None

INDICATORS = ("'satisfaction', 'satisfaction_mean', 'recommendation', 'effort', 'effort_mean', 'solved', 'theme_access', "
              "'theme_taking_charge', 'theme_handling', 'theme_conclusion', 'theme_complaint_handling', "
              "'theme_appeal_handling'")


def upgrade():
    op.create_table('elsewhere_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('stored', sa.Integer(), nullable=False),
    sa.Column('corrected', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('imported_by', sa.Integer(), nullable=True),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('answers', 'figures')", name=op.f('ck_elsewhere_files_known_kind')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'],
                            name=op.f('fk_elsewhere_files_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_elsewhere_files'))
    )
    with op.batch_alter_table('elsewhere_files', schema=None) as batch_op:
        batch_op.create_index('ix_elsewhere_files', ['principal_id'], unique=False)
    op.create_table('elsewhere_answers',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=20), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.CheckConstraint("indicator IN ('satisfaction', 'recommendation', 'effort', 'solved')",
                       name=op.f('ck_elsewhere_answers_known_indicator')),
    sa.ForeignKeyConstraint(['file_id'], ['elsewhere_files.id'],
                            name=op.f('fk_elsewhere_answers_file_id_elsewhere_files')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_elsewhere_answers'))
    )
    op.create_table('elsewhere_counts',
    sa.Column('principal_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('indicator', sa.String(length=20), nullable=False),
    sa.Column('site_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('value', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.CheckConstraint('answers >= 0', name=op.f('ck_elsewhere_counts_no_less_than_none')),
    sa.PrimaryKeyConstraint('principal_id', 'source', 'indicator', 'site_id', 'month', 'value',
                            name=op.f('pk_elsewhere_counts'))
    )
    op.create_table('elsewhere_figures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('indicator', sa.String(length=30), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('estimate', sa.Double(), nullable=False),
    sa.Column('lower', sa.Double(), nullable=True),
    sa.Column('upper', sa.Double(), nullable=True),
    sa.Column('n', sa.Integer(), nullable=True),
    sa.CheckConstraint(f'indicator IN ({INDICATORS})', name=op.f('ck_elsewhere_figures_known_indicator')),
    sa.ForeignKeyConstraint(['file_id'], ['elsewhere_files.id'],
                            name=op.f('fk_elsewhere_figures_file_id_elsewhere_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_elsewhere_figures'))
    )
    with op.batch_alter_table('elsewhere_figures', schema=None) as batch_op:
        batch_op.create_index('ix_elsewhere_figures_series', ['principal_id', 'source', 'indicator'], unique=False)


def downgrade():
    for table in ('elsewhere_figures', 'elsewhere_counts', 'elsewhere_answers', 'elsewhere_files'):
        op.drop_table(table)

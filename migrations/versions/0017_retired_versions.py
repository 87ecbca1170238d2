"""Versions of questionnaires can be retired.

Revision ID: 0017_retired_versions
Revises: 0016_anonymous_answers
Create Date: 2026-11-23 16:25:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0017_retired_versions'
down_revision = '0016_anonymous_answers'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('questionnaire_versions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('retired_by', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_questionnaire_versions_retired_was_published'), 'retired_at IS NULL OR published_at IS NOT NULL')


def downgrade():
    with op.batch_alter_table('questionnaire_versions', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_questionnaire_versions_retired_was_published'), type_='check')
        batch_op.drop_column('retired_by')
        batch_op.drop_column('retired_at')

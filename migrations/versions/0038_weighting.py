"""What a programme declares about weighting.

Revision ID: 0038_weighting
Revises: 0037_comments
Create Date: 2026-11-24 03:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0038_weighting'
down_revision = '0037_comments'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('programme_versions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('weighting', sa.JSON(), server_default='{}', nullable=False))


def downgrade():
    with op.batch_alter_table('programme_versions', schema=None) as batch_op:
        batch_op.drop_column('weighting')

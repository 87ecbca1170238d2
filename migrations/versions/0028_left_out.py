"""What of an imported file is no contact with a customer.

Revision ID: 0028_left_out
Revises: 0027_posters
Create Date: 2026-11-23 19:32:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0028_left_out'
down_revision = '0027_posters'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('left_out', sa.JSON(), server_default='{}', nullable=False))


def downgrade():
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_column('left_out')

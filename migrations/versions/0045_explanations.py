"""What goes with overall satisfaction, computed behind the page.

Revision ID: 0045_explanations
Revises: 0044_saved_views
Create Date: 2026-11-24 03:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0045_explanations'
down_revision = '0044_saved_views'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('explanations',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_explanations_programme_id_programmes')),
    sa.PrimaryKeyConstraint('programme_id', 'first_day', 'last_day', name=op.f('pk_explanations'))
    )


def downgrade():
    op.drop_table('explanations')

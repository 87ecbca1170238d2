"""What somebody is to do because of a comment.

Revision ID: 0039_comment_actions
Revises: 0038_weighting
Create Date: 2026-11-24 03:05:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0039_comment_actions'
down_revision = '0038_weighting'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('comment_actions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=80), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(length=300), nullable=False),
    sa.CheckConstraint('(done_by IS NULL) = (done_at IS NULL)', name=op.f('ck_comment_actions_done_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_actions'))
    )
    with op.batch_alter_table('comment_actions', schema=None) as batch_op:
        batch_op.create_index('ix_comment_actions_comment', ['comment'], unique=False)
        batch_op.create_index('ix_comment_actions_open', ['principal_id', 'done_at', 'due_on'], unique=False)


def downgrade():
    op.drop_table('comment_actions')

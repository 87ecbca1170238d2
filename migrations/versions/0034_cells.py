"""Answers counted once and for all.

Revision ID: 0034_cells
Revises: 0033_draw_histories
Create Date: 2026-11-23 23:25:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0034_cells'
down_revision = '0033_draw_histories'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('answer_cells',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('site_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('question_id', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('draw_id', 'stratum', 'site_id', 'channel', 'question_id', 'value',
                            name=op.f('pk_answer_cells'))
    )
    op.create_table('counted_draws',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('has_frame', sa.Boolean(), nullable=False),
    sa.Column('has_anonymous', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('draw_id', name=op.f('pk_counted_draws'))
    )
    op.create_table('frame_cells',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('site_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('contacts', sa.Integer(), nullable=False),
    sa.Column('eligible', sa.Integer(), nullable=False),
    sa.Column('stood_for', sa.Integer(), nullable=False),
    sa.Column('drawn', sa.Integer(), nullable=False),
    sa.Column('lost', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('draw_id', 'stratum', 'site_id', 'channel', name=op.f('pk_frame_cells'))
    )
    op.create_table('roll_ups',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('top', sa.BigInteger(), nullable=False),
    sa.Column('gaps', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('rolled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_ups'))
    )
    op.create_table('uncounted_interviews',
    sa.Column('invitation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_uncounted_interviews'))
    )
    with op.batch_alter_table('uncounted_interviews', schema=None) as batch_op:
        batch_op.create_index('ix_uncounted_interviews_open', ['draw_id'], unique=False,
                              sqlite_where=sa.text('is_open'), postgresql_where=sa.text('is_open'))


def downgrade():
    with op.batch_alter_table('uncounted_interviews', schema=None) as batch_op:
        batch_op.drop_index('ix_uncounted_interviews_open', sqlite_where=sa.text('is_open'),
                            postgresql_where=sa.text('is_open'))
    for table in ('uncounted_interviews', 'roll_ups', 'frame_cells', 'counted_draws', 'answer_cells'):
        op.drop_table(table)

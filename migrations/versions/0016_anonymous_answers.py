"""Anonymous answers: while they are given, while they wait, let go; and counts instead of who answered.

Revision ID: 0016_anonymous_answers
Revises: 0015_reminders
Create Date: 2026-11-23 16:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0016_anonymous_answers'
down_revision = '0015_reminders'
branch_labels = None
depends_on = None

BEFORE = (
    "disposition IN ('drawn', 'held', 'queued', 'not_sent', 'sent', 'delivered', 'failed', 'undeliverable', 'started',"
    " 'partial', 'broken_off', 'refused', 'wrong_person', 'ineligible', 'completed')"
)
AFTER = BEFORE.replace("'completed')", "'completed', 'erased')")


def upgrade():
    op.create_table('open_interviews',
    sa.Column('invitation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('events', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_open_interviews_invitation_id_invitations')),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_open_interviews'))
    )
    op.create_table('answer_pools',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('responses', sa.JSON(), nullable=False),
    sa.CheckConstraint('size >= 0', name=op.f('ck_answer_pools_size')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_answer_pools_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'stratum', name=op.f('pk_answer_pools'))
    )
    op.create_table('anonymous_answers',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=True),
    sa.Column('language', sa.String(length=10), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_anonymous_answers_draw_id_draws')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_anonymous_answers')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_anonymous_answers_draw', 'anonymous_answers', ['draw_id', 'name'], unique=False)
    op.create_table('draw_ends',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=False),
    sa.Column('together', sa.JSON(), nullable=False),
    sa.Column('released', sa.Integer(), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_ends_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', name=op.f('pk_draw_ends'))
    )
    op.create_table('draw_tallies',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stratum', sa.String(length=400), nullable=False),
    sa.Column('site_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('disposition', sa.String(length=20), nullable=False),
    sa.Column('invitations', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('delivered', sa.Integer(), nullable=False),
    sa.Column('started', sa.Integer(), nullable=False),
    sa.Column('completed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_tallies_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'stratum', 'site_id', 'disposition', name=op.f('pk_draw_tallies'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invitations_disposition'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitations_disposition'), AFTER)


def downgrade():
    # What was erased does not come back: these were written to, and no more is known.
    op.execute("UPDATE invitations SET disposition = 'sent' WHERE disposition = 'erased'")
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invitations_disposition'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitations_disposition'), BEFORE)
    op.drop_table('draw_tallies')
    op.drop_table('draw_ends')
    op.drop_index('ix_anonymous_answers_draw', table_name='anonymous_answers')
    op.drop_table('anonymous_answers')
    op.drop_table('answer_pools')
    op.drop_table('open_interviews')

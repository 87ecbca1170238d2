"""Answers withdrawn, an alert for counts that are off, and what the nightly check noted.

Revision ID: 0047_withdrawals
Revises: 0046_target_agreements
Create Date: 2026-11-24 12:32:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0047_withdrawals'
down_revision = '0046_target_agreements'
branch_labels = None
depends_on = None

TABLES = ('alerts', 'alert_preferences')
OLD = "kind IN ('due_soon', 'breached', 'low_score', 'stuck', 'no_file', 'emergency')"
NEW = "kind IN ('due_soon', 'breached', 'low_score', 'stuck', 'no_file', 'emergency', 'counts_off')"


def upgrade():
    op.create_table('answer_withdrawals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("reason IN ('asked', 'not_theirs', 'test', 'unlawful')",
                       name=op.f('ck_answer_withdrawals_known_reason')),
    sa.CheckConstraint('answers > 0', name=op.f('ck_answer_withdrawals_some_answers')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_answer_withdrawals_draw_id_draws')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'],
        name=op.f('fk_answer_withdrawals_invitation_id_invitations')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'],
        name=op.f('fk_answer_withdrawals_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_withdrawals'))
    )
    with op.batch_alter_table('answer_withdrawals', schema=None) as batch_op:
        batch_op.create_index('ix_answer_withdrawals_draw', ['draw_id', 'withdrawn_at'], unique=False)
        batch_op.create_index('ix_answer_withdrawals_invitation', ['invitation_id'], unique=False)
    with op.batch_alter_table('roll_ups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('horizon', sa.JSON(none_as_null=True), nullable=True))
    _hold_to(NEW)


def downgrade():
    for table in TABLES[::-1]:
        if table == 'alerts':
            op.execute("DELETE FROM alert_tellings WHERE alert_id IN (SELECT id FROM alerts WHERE kind = 'counts_off')")
        op.execute(f"DELETE FROM {table} WHERE kind = 'counts_off'")
    _hold_to(OLD)
    with op.batch_alter_table('roll_ups', schema=None) as batch_op:
        batch_op.drop_column('horizon')
    with op.batch_alter_table('answer_withdrawals', schema=None) as batch_op:
        batch_op.drop_index('ix_answer_withdrawals_invitation')
        batch_op.drop_index('ix_answer_withdrawals_draw')
    op.drop_table('answer_withdrawals')


def _hold_to(kinds):
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_known_kind'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_known_kind'), kinds)

"""The weather of the simulated network, and what is yet to become of each message on it.

Revision ID: 0003_simulated_network
Revises: 0003_procrastinate
Create Date: 2026-11-23 12:40:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0003_simulated_network'
down_revision = '0003_procrastinate'
branch_labels = None
depends_on = None

SHARES = ("out_of_order", "repeated", "missing", "lost_answers")


def upgrade():
    op.create_table('simulated_network',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quickest', sa.Integer(), nullable=False),
    sa.Column('slowest', sa.Integer(), nullable=False),
    sa.Column('failures', sa.JSON(), nullable=False),
    *(sa.Column(share, sa.Integer(), nullable=False) for share in SHARES),
    sa.Column('own_stops', sa.Boolean(), nullable=False),
    sa.Column('seed', sa.String(length=40), nullable=False),
    sa.Column('refuses_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('id = 1', name=op.f('ck_simulated_network_only_one')),
    sa.CheckConstraint('0 <= quickest AND quickest <= slowest', name=op.f('ck_simulated_network_quickest_first')),
    *(sa.CheckConstraint(f'{share} BETWEEN 0 AND 100', name=op.f(f'ck_simulated_network_{share}_is_a_share')) for share in SHARES),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulated_network'))
    )
    op.create_table('simulated_happenings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('tells', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['simulated_messages.id'], name=op.f('fk_simulated_happenings_message_id_simulated_messages')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulated_happenings'))
    )
    with op.batch_alter_table('simulated_happenings', schema=None) as batch_op:
        batch_op.create_index('ix_simulated_happenings_due_at', ['due_at'], unique=False)
    # What was under way arrives now: what is told of it later is told in the new way.
    for status in ("sent", "delivered"):
        op.execute(
            "INSERT INTO simulated_happenings (message_id, tells, status, due_at) "
            f"SELECT id, told.tells, '{status}', next_at FROM simulated_messages "
            "CROSS JOIN (SELECT FALSE AS tells UNION ALL SELECT TRUE) AS told WHERE next_at IS NOT NULL"
        )
    with op.batch_alter_table('simulated_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_simulated_messages_next_at')
        batch_op.drop_column('next_at')


def downgrade():
    with op.batch_alter_table('simulated_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('next_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_simulated_messages_next_at', ['next_at'], unique=False)
    op.drop_table('simulated_happenings')
    op.drop_table('simulated_network')

"""Comments with words of emergency, the list of those words, and an alert for them.

Revision ID: 0036_emergencies
Revises: 0035_repeat_counts
Create Date: 2026-11-24 02:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0036_emergencies'
down_revision = '0035_repeat_counts'
branch_labels = None
depends_on = None

TABLES = ('alerts', 'alert_preferences')
OLD = "kind IN ('due_soon', 'breached', 'low_score', 'stuck', 'no_file')"
NEW = "kind IN ('due_soon', 'breached', 'low_score', 'stuck', 'no_file', 'emergency')"


def upgrade():
    op.create_table('emergency_words',
    sa.Column('phrase', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('self_harm', 'threat', 'health', 'minor')",
                       name=op.f('ck_emergency_words_known_kind')),
    sa.PrimaryKeyConstraint('phrase', name=op.f('pk_emergency_words'))
    )
    op.create_table('emergency_reads',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('floor', sa.Integer(), nullable=False),
    sa.Column('top', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_emergency_reads_only_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_reads'))
    )
    op.create_table('emergencies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=80), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(taken_by IS NULL) = (taken_at IS NULL)', name=op.f('ck_emergencies_taken_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergencies')),
    sa.UniqueConstraint('comment', name=op.f('uq_emergencies_comment'))
    )
    with op.batch_alter_table('emergencies', schema=None) as batch_op:
        batch_op.create_index('ix_emergencies_waiting', ['principal_id', 'taken_at'], unique=False)
    _hold_to(NEW)


def downgrade():
    for table in TABLES[::-1]:
        if table == 'alerts':
            op.execute("DELETE FROM alert_tellings WHERE alert_id IN (SELECT id FROM alerts WHERE kind = 'emergency')")
        op.execute(f"DELETE FROM {table} WHERE kind = 'emergency'")
    _hold_to(OLD)
    for table in ('emergencies', 'emergency_reads', 'emergency_words'):
        op.drop_table(table)


def _hold_to(kinds):
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_known_kind'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_known_kind'), kinds)

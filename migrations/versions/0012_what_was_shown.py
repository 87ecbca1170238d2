"""Answers keep the options as they were shown; an interview may change its language, or be left to a person.

Revision ID: 0012_what_was_shown
Revises: 0011_window_choices
Create Date: 2026-11-23 15:45:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0012_what_was_shown'
down_revision = '0011_window_choices'
branch_labels = None
depends_on = None

BEFORE = "kind IN ('asked', 'answer', 'unread', 'skip', 'void', 'late', 'completed', 'refused', 'stopped', 'wrong_person')"
AFTER = "kind IN ('asked', 'answer', 'unread', 'skip', 'void', 'late', 'language', 'person', 'completed', 'refused', 'stopped', 'wrong_person')"


def upgrade():
    with op.batch_alter_table('answer_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown', sa.JSON(none_as_null=True), nullable=True))
        batch_op.drop_constraint(op.f('ck_answer_events_known_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_answer_events_known_kind'), AFTER)


def downgrade():
    with op.batch_alter_table('answer_events', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_answer_events_known_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_answer_events_known_kind'), BEFORE)
        batch_op.drop_column('shown')

"""Reminders are counted on their invitations, which may wait or turn out not to be asked; quarantine keeps its clock.

Revision ID: 0015_reminders
Revises: 0014_programme_versions
Create Date: 2026-11-23 16:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0015_reminders'
down_revision = '0014_programme_versions'
branch_labels = None
depends_on = None

OLD = (
    "disposition IN ('drawn', 'queued', 'not_sent', 'sent', 'delivered', 'failed', 'undeliverable', 'started',"
    " 'partial', 'broken_off', 'refused', 'wrong_person', 'completed')"
)
NEW = (
    "disposition IN ('drawn', 'held', 'queued', 'not_sent', 'sent', 'delivered', 'failed', 'undeliverable', 'started',"
    " 'partial', 'broken_off', 'refused', 'wrong_person', 'ineligible', 'completed')"
)


def upgrade():
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invitations_disposition'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitations_disposition'), NEW)
        batch_op.add_column(sa.Column('reminders', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('frame_units', sa.Column('clock', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.drop_column('clock')
    # Those who wait were drawn and not written to; of the others the reason stays in their history.
    op.execute("UPDATE invitations SET disposition = 'drawn' WHERE disposition = 'held'")
    op.execute("UPDATE invitations SET disposition = 'not_sent' WHERE disposition = 'ineligible'")
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('reminders')
        batch_op.drop_constraint(op.f('ck_invitations_disposition'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitations_disposition'), OLD)

"""What was found by whoever looked at a question of integrity.

Revision ID: 0030_integrity_notes
Revises: 0029_watched_folders
Create Date: 2026-11-23 20:12:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0030_integrity_notes'
down_revision = '0029_watched_folders'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'integrity_notes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('draw_id', sa.Integer(), nullable=False),
        sa.Column('question', sa.String(length=200), nullable=False),
        sa.Column('part', sa.Integer(), nullable=False),
        sa.Column('whole', sa.Integer(), nullable=False),
        sa.Column('found', sa.String(length=500), nullable=False),
        sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('looked_by', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_integrity_notes_draw_id_draws')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_integrity_notes')),
    )
    op.create_index('ix_integrity_notes_draw', 'integrity_notes', ['draw_id', 'question'], unique=False)


def downgrade():
    op.drop_index('ix_integrity_notes_draw', table_name='integrity_notes')
    op.drop_table('integrity_notes')

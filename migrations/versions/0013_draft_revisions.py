"""Every state a draft of a questionnaire was in.

Revision ID: 0013_draft_revisions
Revises: 0012_what_was_shown
Create Date: 2026-11-23 15:40:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0013_draft_revisions'
down_revision = '0012_what_was_shown'
branch_labels = None
depends_on = None

ACTS = (
    "act IN ('began', 'imported', 'added', 'changed', 'moved', 'duplicated', 'deleted', 'settings', 'language', "
    "'undone', 'redone', 'restored', 'discarded')"
)


def upgrade():
    op.create_table('draft_revisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('questionnaire_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('before_id', sa.Integer(), nullable=True),
    sa.Column('after_id', sa.Integer(), nullable=True),
    sa.Column('origin_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.CheckConstraint(ACTS, name=op.f('ck_draft_revisions_known_act')),
    sa.ForeignKeyConstraint(['after_id'], ['draft_revisions.id'], name=op.f('fk_draft_revisions_after_id_draft_revisions')),
    sa.ForeignKeyConstraint(['before_id'], ['draft_revisions.id'], name=op.f('fk_draft_revisions_before_id_draft_revisions')),
    sa.ForeignKeyConstraint(['origin_id'], ['draft_revisions.id'], name=op.f('fk_draft_revisions_origin_id_draft_revisions')),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaires.id'], name=op.f('fk_draft_revisions_questionnaire_id_questionnaires')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_revisions'))
    )
    op.create_index('ix_draft_revisions_questionnaire', 'draft_revisions', ['questionnaire_id', 'number', 'id'], unique=False)
    op.create_index('ix_draft_revisions_content_hash', 'draft_revisions', ['content_hash'], unique=False)


def downgrade():
    op.drop_index('ix_draft_revisions_content_hash', table_name='draft_revisions')
    op.drop_index('ix_draft_revisions_questionnaire', table_name='draft_revisions')
    op.drop_table('draft_revisions')

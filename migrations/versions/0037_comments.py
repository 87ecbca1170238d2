"""Tags of comments, their list, and the trace of what was masked.

Revision ID: 0037_comments
Revises: 0036_emergencies
Create Date: 2026-11-24 02:58:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0037_comments'
down_revision = '0036_emergencies'
branch_labels = None
depends_on = None

THEMES = ("'', 'access', 'taking_charge', 'handling', 'conclusion', 'complaint_handling', 'appeal_handling', 'overall'")


def upgrade():
    op.create_table('comment_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('theme', sa.String(length=20), nullable=False),
    sa.Column('meaning', sa.String(length=300), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(f'theme IN ({THEMES})', name=op.f('ck_comment_codes_known_theme')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'],
                            name=op.f('fk_comment_codes_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_codes')),
    sa.UniqueConstraint('principal_id', 'label', name=op.f('uq_comment_codes_principal_id_label'))
    )
    op.create_table('comment_tags',
    sa.Column('comment', sa.String(length=80), nullable=False),
    sa.Column('code_id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('given_by', sa.Integer(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['comment_codes.id'], name=op.f('fk_comment_tags_code_id_comment_codes')),
    sa.PrimaryKeyConstraint('comment', 'code_id', name=op.f('pk_comment_tags'))
    )
    with op.batch_alter_table('comment_tags', schema=None) as batch_op:
        batch_op.create_index('ix_comment_tags_code', ['code_id', 'draw_id'], unique=False)
    op.create_table('comment_maskings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=80), nullable=False),
    sa.Column('was', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=10), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('masked_by', sa.Integer(), nullable=True),
    sa.Column('masked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason IN ('staff', 'person', 'other')", name=op.f('ck_comment_maskings_known_reason')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_maskings'))
    )
    with op.batch_alter_table('comment_maskings', schema=None) as batch_op:
        batch_op.create_index('ix_comment_maskings_comment', ['comment'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_maskings_was'), ['was'], unique=False)


def downgrade():
    for table in ('comment_maskings', 'comment_tags', 'comment_codes'):
        op.drop_table(table)

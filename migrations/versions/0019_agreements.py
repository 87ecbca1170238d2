"""What principals agreed to do together about people.

Revision ID: 0019_agreements
Revises: 0018_entry_points
Create Date: 2026-11-23 19:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0019_agreements'
down_revision = '0018_entry_points'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreements'))
    )
    op.create_table('agreement_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('widens', sa.JSON(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('signed_by', sa.String(length=400), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('document_name', sa.String(length=255), nullable=False),
    sa.Column('document_hash', sa.String(length=64), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(document_hash = '') = (document_name = '')", name=op.f('ck_agreement_versions_document_is_whole')),
    sa.CheckConstraint('last_day IS NULL OR first_day <= last_day', name=op.f('ck_agreement_versions_days_in_order')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_agreement_versions_agreement_id_agreements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_versions')),
    sa.UniqueConstraint('agreement_id', 'number', name=op.f('uq_agreement_versions_agreement_id_number'))
    )
    op.create_table('agreement_parties',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_agreement_parties_principal_id_principals')),
    sa.ForeignKeyConstraint(['version_id'], ['agreement_versions.id'], name=op.f('fk_agreement_parties_version_id_agreement_versions')),
    sa.PrimaryKeyConstraint('version_id', 'principal_id', name=op.f('pk_agreement_parties'))
    )
    op.create_index('ix_agreement_parties_principal', 'agreement_parties', ['principal_id'], unique=False)


def downgrade():
    op.drop_index('ix_agreement_parties_principal', table_name='agreement_parties')
    op.drop_table('agreement_parties')
    op.drop_table('agreement_versions')
    op.drop_table('agreements')

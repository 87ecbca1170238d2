"""What belongs to a principal, which rows are one person, and who was erased.

Revision ID: 0021_people
Revises: 0020_draw_kinds
Create Date: 2026-11-23 19:10:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0021_people'
down_revision = '0020_draw_kinds'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('erased_addresses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('key_name', sa.String(length=16), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_erased_addresses_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erased_addresses')),
    sa.UniqueConstraint('principal_id', 'address_hash', name=op.f('uq_erased_addresses_principal_id_address_hash'))
    )
    op.create_table('principal_logos',
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_principal_logos_principal_id_principals')),
    sa.PrimaryKeyConstraint('principal_id', name=op.f('pk_principal_logos'))
    )
    op.create_table('customer_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('evidence_hash', sa.String(length=64), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(undone_at IS NULL) OR (verdict = 'merged')", name=op.f('ck_customer_links_only_a_merge_is_undone')),
    sa.CheckConstraint("verdict IN ('merged', 'apart')", name=op.f('ck_customer_links_verdict')),
    sa.CheckConstraint('kept_id <> other_id', name=op.f('ck_customer_links_two_rows')),
    sa.ForeignKeyConstraint(['kept_id'], ['customers.id'], name=op.f('fk_customer_links_kept_id_customers')),
    sa.ForeignKeyConstraint(['other_id'], ['customers.id'], name=op.f('fk_customer_links_other_id_customers')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_customer_links_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_links'))
    )
    with op.batch_alter_table('customer_links', schema=None) as batch_op:
        batch_op.create_index('ix_customer_links_kept', ['kept_id'], unique=False)
        batch_op.create_index('ix_customer_links_other', ['other_id'], unique=False)
        batch_op.create_index('ix_customer_links_principal', ['principal_id', 'verdict'], unique=False)

    op.create_table('erasures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('gone', sa.JSON(), nullable=False),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.Column('look_on', sa.Date(), nullable=True),
    sa.CheckConstraint("ground IN ('asked', 'retention')", name=op.f('ck_erasures_ground')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_erasures_customer_id_customers')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_erasures_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasures'))
    )
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.create_index('ix_erasures_customer', ['customer_id'], unique=False)
        batch_op.create_index('ix_erasures_waiting', ['look_on'], unique=False)

    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index('ix_customers_merged_into', ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_customers_merged_into_id_customers'), 'customers', ['merged_into_id'], ['id'])

    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('body_hash', sa.String(length=64), nullable=True))

    with op.batch_alter_table('principals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('complaint_address', sa.String(length=400), server_default='', nullable=False))
        batch_op.add_column(sa.Column('complaint_email', sa.String(length=254), server_default='', nullable=False))
        batch_op.add_column(sa.Column('takes_complaints', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('identity_months', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('link_months', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('text_months', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('complaint_months', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('logo_hash', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('logo_alt', sa.String(length=120), server_default='', nullable=False))
        batch_op.add_column(sa.Column('logo_width', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('logo_height', sa.Integer(), server_default='0', nullable=False))


def downgrade():
    with op.batch_alter_table('principals', schema=None) as batch_op:
        batch_op.drop_column('logo_height')
        batch_op.drop_column('logo_width')
        batch_op.drop_column('logo_alt')
        batch_op.drop_column('logo_hash')
        batch_op.drop_column('complaint_months')
        batch_op.drop_column('text_months')
        batch_op.drop_column('link_months')
        batch_op.drop_column('identity_months')
        batch_op.drop_column('takes_complaints')
        batch_op.drop_column('complaint_email')
        batch_op.drop_column('complaint_address')

    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_column('body_hash')
        batch_op.drop_column('erased_at')

    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.drop_column('erased_at')

    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_customers_merged_into_id_customers'), type_='foreignkey')
        batch_op.drop_index('ix_customers_merged_into')
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_column('erased_at')

    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.drop_index('ix_erasures_waiting')
        batch_op.drop_index('ix_erasures_customer')

    op.drop_table('erasures')
    with op.batch_alter_table('customer_links', schema=None) as batch_op:
        batch_op.drop_index('ix_customer_links_principal')
        batch_op.drop_index('ix_customer_links_other')
        batch_op.drop_index('ix_customer_links_kept')

    op.drop_table('customer_links')
    op.drop_table('principal_logos')
    op.drop_table('erased_addresses')

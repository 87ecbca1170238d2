"""What a stop reaches, who recorded and lifted it; links keep a hash in place of the address.

Revision ID: 0004_stop_scopes
Revises: 0003_simulated_network
Create Date: 2026-11-23 12:40:00

"""
import hashlib
import hmac

from alembic import op
from flask import current_app
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004_stop_scopes'
down_revision = '0003_simulated_network'
branch_labels = None
depends_on = None

OLD_SOURCES = "source IN ('sms', 'provider', 'link', 'person')"
SOURCES = "source IN ('sms', 'email', 'provider', 'link', 'person')"


def upgrade():
    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key_name', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('hint', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('topic', sa.String(length=10), server_default='all', nullable=False))
        batch_op.add_column(sa.Column('sender', sa.String(length=320), nullable=True))
        batch_op.add_column(sa.Column('actor_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('means', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('lifted_how', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('lifted_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('lift_note', sa.Text(), nullable=True))
        batch_op.drop_constraint(op.f('ck_opt_outs_known_source'), type_='check')
        batch_op.create_check_constraint(op.f('ck_opt_outs_known_source'), SOURCES)
        batch_op.create_check_constraint(op.f('ck_opt_outs_known_topic'), "topic IN ('reminder', 'survey', 'all')")
        batch_op.create_check_constraint(op.f('ck_opt_outs_known_means'), "means IN ('phone', 'letter', 'email', 'counter')")
        batch_op.create_check_constraint(op.f('ck_opt_outs_known_lifting'), "lifted_how IN ('start', 'undo', 'person')")
    op.execute("UPDATE opt_outs SET means = 'phone' WHERE source = 'person'")
    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_opt_outs_person_says_how'), "source <> 'person' OR means IS NOT NULL")
    with op.batch_alter_table('opt_out_links', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address_hash', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('hint', sa.String(length=80), server_default='', nullable=False))
    hash_links()
    with op.batch_alter_table('opt_out_links', schema=None) as batch_op:
        batch_op.alter_column('address_hash', existing_type=sa.String(length=64), server_default=None)
        batch_op.alter_column('hint', existing_type=sa.String(length=80), server_default=None)
        batch_op.drop_column('address')


def hash_links():
    """Replace the addresses by what notifications/hashing.py and masking.py make of them, as they were at this revision."""
    secret = current_app.config.get("ADDRESS_KEY") or current_app.config["SECRET_KEY"]
    key = hmac.digest(secret.encode(), b"satisfecit notifications addresses", "sha256")
    links = sa.table('opt_out_links', sa.column('id'), sa.column('address'), sa.column('address_hash'), sa.column('hint'))
    connection = op.get_bind()
    for row in connection.execute(sa.select(links.c.id, links.c.address)).all():
        digest = hmac.new(key, b"address|" + row.address.strip().casefold().encode(), hashlib.sha256).hexdigest()
        values = {"address_hash": digest, "hint": mask(row.address)}
        connection.execute(sa.update(links).where(links.c.id == row.id).values(**values))


def mask(address):
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}•••@{domain}"[:80]
    return f"{address[:4]}•••{address[-2:]}" if len(address) > 8 else "•••"


def downgrade():
    # A hash cannot be turned back into an address: links already sent lead nowhere, new ones are made.
    op.execute("DELETE FROM opt_out_links")
    with op.batch_alter_table('opt_out_links', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sa.String(length=320), nullable=False))
        batch_op.drop_column('hint')
        batch_op.drop_column('address_hash')
    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        for name in ('person_says_how', 'known_lifting', 'known_means', 'known_topic', 'known_source'):
            batch_op.drop_constraint(op.f(f'ck_opt_outs_{name}'), type_='check')
    op.execute("UPDATE opt_outs SET source = 'person' WHERE source = 'email'")
    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_opt_outs_known_source'), OLD_SOURCES)
        for name in ('lift_note', 'lifted_by', 'lifted_how', 'note', 'means', 'actor_id', 'sender', 'topic', 'hint', 'key_name'):
            batch_op.drop_column(name)

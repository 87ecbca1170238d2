"""Agents under pseudonyms, trees of reasons, and what the log said of an entry point.

What logs called the agents is replaced by pseudonyms, in contacts, in their further facts and in the rows that were
taken with a warning. Refused rows stay as they were sent until they are forgotten (30 days): they go back to be put
right. Draws that were stratified by agent keep their strata, which their frame hash covers.

Revision ID: 0023_agents
Revises: 0022_continuous_draws
Create Date: 2026-11-23 19:10:00

"""
import hmac
import json
import re
import unicodedata
from datetime import datetime, timezone

from alembic import op
from flask import current_app
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0023_agents'
down_revision = '0022_continuous_draws'
branch_labels = None
depends_on = None

LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
AT_ONCE = 1000
# Gone down and up again, a pseudonym stays what it is.
PSEUDONYM = re.compile(f'A-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}')


def upgrade():
    op.create_table('agents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('pseudonym', sa.String(length=20), nullable=False),
    sa.Column('first_name', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_agents_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agents')),
    sa.UniqueConstraint('principal_id', 'pseudonym', name=op.f('uq_agents_principal_id_pseudonym'))
    )
    op.create_table('reason_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('nodes', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_reason_versions_published_at')),
    sa.CheckConstraint("(state = 'replaced') = (replaced_at IS NOT NULL)", name=op.f('ck_reason_versions_replaced_at')),
    sa.CheckConstraint("state IN ('draft', 'published', 'replaced')", name=op.f('ck_reason_versions_state')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_reason_versions_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reason_versions')),
    sa.UniqueConstraint('principal_id', 'number', name=op.f('uq_reason_versions_principal_id_number'))
    )
    for state in ('published', 'draft'):
        where = sa.text(f"state = '{state}'")
        op.create_index(f'uq_reason_versions_{state}', 'reason_versions', ['principal_id'], unique=True, sqlite_where=where, postgresql_where=where)
    op.create_table('reason_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('word', sa.String(length=400), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_reason_words_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reason_words')),
    sa.UniqueConstraint('principal_id', 'source', 'word', name=op.f('uq_reason_words_principal_id_source_word'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entry_address', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('reason_version_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reason_leaf', sa.String(length=60), server_default='', nullable=False))
        batch_op.add_column(sa.Column('reason_group', sa.String(length=60), server_default='', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_contacts_reason_version_id_reason_versions'), 'reason_versions', ['reason_version_id'], ['id'])
    connection = op.get_bind()
    op.execute(
        "UPDATE contacts SET entry_address = (SELECT address FROM entry_points WHERE entry_points.id = contacts.entry_point_id)"
        " WHERE entry_point_id IS NOT NULL"
    )
    pseudonym = pseudonyms()
    replace_agents(connection, pseudonym)
    replace_elsewhere(connection, pseudonym)


def pseudonyms():
    """What ``contacts.agents.pseudonym`` gave when this was written, as a function of principal and name."""
    secret = current_app.config.get('ADDRESS_KEY') or current_app.config['SECRET_KEY']
    key = hmac.digest(secret.encode(), b'satisfecit contacts agents', 'sha256')

    def pseudonym(principal_id, raw):
        written = ' '.join(unicodedata.normalize('NFKC', raw).casefold().split())
        if not written or PSEUDONYM.fullmatch(raw):
            return raw.strip()
        number = int.from_bytes(hmac.digest(key, f'{principal_id}|{written}'.encode(), 'sha256')[:5], 'big')
        letters = ''.join(LETTERS[number >> shift & 31] for shift in range(35, -1, -5))
        return f'A-{letters[:4]}-{letters[4:]}'

    return pseudonym


def replace_agents(connection, pseudonym):
    """One pass over the contacts, by a table of names that is gone at the end."""
    names = connection.execute(sa.text("SELECT DISTINCT principal_id, agent FROM contacts WHERE agent <> ''")).all()
    if not names:
        return
    connection.execute(sa.text('CREATE TEMPORARY TABLE agent_names (principal_id INTEGER, raw VARCHAR(200), pseudonym VARCHAR(20), PRIMARY KEY (principal_id, raw))'))
    insert = sa.text('INSERT INTO agent_names VALUES (:principal_id, :raw, :pseudonym)')
    found = [{'principal_id': one, 'raw': raw, 'pseudonym': pseudonym(one, raw)} for one, raw in names]
    for start in range(0, len(found), AT_ONCE):
        connection.execute(insert, found[start:start + AT_ONCE])
    connection.execute(sa.text(
        "UPDATE contacts SET agent = (SELECT pseudonym FROM agent_names n WHERE n.principal_id = contacts.principal_id"
        " AND n.raw = contacts.agent) WHERE agent <> ''"
    ))
    connection.execute(sa.text('DROP TABLE agent_names'))
    agents = sa.table('agents', *(sa.column(name) for name in ('principal_id', 'pseudonym', 'first_name')), sa.column('created_at', sa.DateTime(timezone=True)))
    now = datetime.now(timezone.utc) if connection.dialect.name == 'postgresql' else datetime.now(timezone.utc).replace(tzinfo=None)
    rows = sorted({(one['principal_id'], one['pseudonym']) for one in found if one['pseudonym']})
    if rows:
        op.bulk_insert(agents, [{'principal_id': one, 'pseudonym': name, 'first_name': '', 'created_at': now} for one, name in rows])


def loaded(value):
    return json.loads(value) if isinstance(value, str) else value


def agent_columns(mapping):
    agent = ((loaded(mapping) or {}).get('fields') or {}).get('agent') or {}
    return agent.get('columns') or ([agent['column']] if 'column' in agent else [])


def replace_elsewhere(connection, pseudonym):
    """In the facts of contacts and in the cells of warnings, wherever a mapping read the agent from such a column."""
    batches = connection.execute(sa.text('SELECT id, principal_id, mapping, columns FROM import_batches WHERE mapping IS NOT NULL')).all()
    for batch_id, principal_id, mapping, columns in batches:
        named = agent_columns(mapping)
        columns = loaded(columns)
        kept = set(named) & set((loaded(mapping) or {}).get('facts') or [])

        def in_facts(facts):
            return {name: pseudonym(principal_id, text) if name in kept else text for name, text in facts.items()}

        def in_cells(cells):
            places = {place for place, name in enumerate(columns) if name in named}
            return [pseudonym(principal_id, cell) if place in places else cell for place, cell in enumerate(cells)]

        if kept:
            rewrite(connection, 'contacts', 'facts', batch_id, '', in_facts)
        if named:
            rewrite(connection, 'import_notes', 'cells', batch_id, " AND kind = 'warning'", in_cells)


def rewrite(connection, table, column, batch_id, condition, change):
    """Change a JSON column row by row, some rows at a time."""
    last = 0
    select = sa.text(f'SELECT id, {column} FROM {table} WHERE batch_id = :batch_id AND id > :last{condition} ORDER BY id LIMIT {AT_ONCE}')
    write = sa.text(f'UPDATE {table} SET {column} = :changed WHERE id = :row_id')
    while rows := connection.execute(select, {'batch_id': batch_id, 'last': last}).all():
        last = rows[-1][0]
        connection.execute(write, [{'row_id': row_id, 'changed': json.dumps(change(loaded(value)))} for row_id, value in rows])


def downgrade():
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_contacts_reason_version_id_reason_versions'), type_='foreignkey')
        batch_op.drop_column('reason_group')
        batch_op.drop_column('reason_leaf')
        batch_op.drop_column('reason_version_id')
        batch_op.drop_column('entry_address')
    op.drop_table('reason_words')
    op.drop_table('reason_versions')
    op.drop_table('agents')

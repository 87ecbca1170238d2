"""What the refused lines of imported files are found by, so that erasing somebody need not read them all.

Revision ID: 0032_import_note_looks
Revises: 0032_frame_units_alone
Create Date: 2026-11-23 22:30:00

"""
import json

from alembic import op
import sqlalchemy as sa

from contacts.looks import looks_of


# revision identifiers, used by Alembic.
revision = '0032_import_note_looks'
down_revision = '0032_frame_units_alone'
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade():
    op.create_table('import_note_looks',
    sa.Column('look', sa.String(length=254), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['note_id'], ['import_notes.id'], name=op.f('fk_import_note_looks_note_id_import_notes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('look', 'note_id', name=op.f('pk_import_note_looks'))
    )
    with op.batch_alter_table('import_note_looks', schema=None) as batch_op:
        batch_op.create_index('ix_import_note_looks_note', ['note_id'], unique=False)
    _fill(op.get_bind())


def downgrade():
    op.drop_table('import_note_looks')


def _fill(connection):
    some = sa.text('SELECT id, CAST(cells AS TEXT) AS cells FROM import_notes WHERE id > :last ORDER BY id LIMIT :at_once')
    put = sa.text('INSERT INTO import_note_looks (look, note_id) VALUES (:look, :note_id)')
    last = 0
    while rows := connection.execute(some, {'last': last, 'at_once': AT_ONCE}).all():
        last = rows[-1].id
        found = [{'look': look, 'note_id': row.id} for row in rows for look in looks_of(json.loads(row.cells))]
        if found:
            connection.execute(put, found)

"""Files in pieces, the sheet of a workbook, and folders that are watched.

Revision ID: 0029_watched_folders
Revises: 0028_left_out
Create Date: 2026-11-23 19:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0029_watched_folders'
down_revision = '0028_left_out'
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'taken', 'done', 'failed')"


def upgrade():
    op.create_table('import_pieces',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_pieces_batch_id_import_batches'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('batch_id', 'place', name=op.f('pk_import_pieces'))
    )
    # A file that waits now becomes one piece: pieces may be of any size but the last.
    op.execute('INSERT INTO import_pieces (batch_id, place, content) SELECT batch_id, 0, content FROM import_files')
    op.drop_table('import_files')
    op.create_table('watched_folders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('folder', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('sheet', sa.String(length=200), nullable=False),
    sa.Column('expected_at', sa.String(length=5), nullable=False),
    sa.Column('expected_days', sa.String(length=7), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_watched_folders_principal_id_principals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watched_folders')),
    sa.UniqueConstraint('folder', name=op.f('uq_watched_folders_folder'))
    )
    op.create_table('watched_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('folder_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('changed', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(length=60), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(STATES, name=op.f('ck_watched_files_state')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_watched_files_batch_id_import_batches'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['folder_id'], ['watched_folders.id'], name=op.f('fk_watched_files_folder_id_watched_folders'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watched_files'))
    )
    with op.batch_alter_table('watched_files', schema=None) as batch_op:
        batch_op.create_index('ix_watched_files_folder', ['folder_id', 'state'], unique=False)
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sheet', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('written_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_column('written_at')
        batch_op.drop_column('sheet')
    op.drop_table('watched_files')
    op.drop_table('watched_folders')
    op.create_table('import_files',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_files_batch_id_import_batches'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('batch_id', name=op.f('pk_import_files'))
    )
    _join_pieces()
    op.drop_table('import_pieces')


def _join_pieces():
    """Put each file together again, one at a time."""
    pieces = sa.table('import_pieces', sa.column('batch_id'), sa.column('place'), sa.column('content', sa.LargeBinary))
    files = sa.table('import_files', sa.column('batch_id'), sa.column('content', sa.LargeBinary))
    connection = op.get_bind()
    for batch_id in connection.scalars(sa.select(pieces.c.batch_id).distinct()).all():
        own = sa.select(pieces.c.content).where(pieces.c.batch_id == batch_id).order_by(pieces.c.place)
        whole = b''.join(map(bytes, connection.scalars(own)))
        connection.execute(sa.insert(files), {'batch_id': batch_id, 'content': whole})

"""Posters, the interviews begun at them, and what they brought.

Revision ID: 0027_posters
Revises: 0026_scope
Create Date: 2026-11-23 18:46:59

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0027_posters'
down_revision = '0026_scope'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('posters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=True),
    sa.Column('key_issue', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Integer(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint('(closed_at IS NULL) OR (closed_at >= opened_at)', name=op.f('ck_posters_closed_after_opened')),
    sa.ForeignKeyConstraint(['principal_id'], ['principals.id'], name=op.f('fk_posters_principal_id_principals')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_posters_programme_id_programmes')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_posters_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posters')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_posters_key_hash')),
    sa.UniqueConstraint('programme_id', 'number', name=op.f('uq_posters_programme_id_number'))
    )
    op.create_table('poster_interviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('poster_id', sa.Integer(), nullable=False),
    sa.Column('programme_version_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('collection', sa.String(length=10), server_default='open', nullable=False),
    sa.Column('seed', sa.String(length=40), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('disposition', sa.String(length=20), nullable=False),
    sa.Column('again', sa.Boolean(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kept', sa.JSON(), nullable=True),
    sa.CheckConstraint("collection = 'open'", name=op.f('ck_poster_interviews_collection')),
    sa.CheckConstraint("disposition IN ('started', 'completed', 'partial', 'broken_off', 'refused', 'withdrawn')", name=op.f('ck_poster_interviews_disposition')),
    sa.ForeignKeyConstraint(['poster_id'], ['posters.id'], name=op.f('fk_poster_interviews_poster_id_posters')),
    sa.ForeignKeyConstraint(['programme_version_id'], ['programme_versions.id'], name=op.f('fk_poster_interviews_programme_version_id_programme_versions')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_versions.id'], name=op.f('fk_poster_interviews_version_id_questionnaire_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_interviews')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_poster_interviews_token_hash'))
    )
    op.create_index('ix_poster_interviews_expires', 'poster_interviews', ['disposition', 'expires_at'], unique=False)
    op.create_index('ix_poster_interviews_poster', 'poster_interviews', ['poster_id', 'disposition'], unique=False)
    op.create_table('poster_pools',
    sa.Column('poster_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('programme_version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('again', sa.Integer(), nullable=False),
    sa.Column('responses', sa.JSON(), nullable=False),
    sa.CheckConstraint('size >= 0', name=op.f('ck_poster_pools_size')),
    sa.ForeignKeyConstraint(['poster_id'], ['posters.id'], name=op.f('fk_poster_pools_poster_id_posters')),
    sa.ForeignKeyConstraint(['programme_version_id'], ['programme_versions.id'], name=op.f('fk_poster_pools_programme_version_id_programme_versions')),
    sa.PrimaryKeyConstraint('poster_id', 'programme_version_id', name=op.f('pk_poster_pools'))
    )
    op.create_table('poster_answers',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('poster_id', sa.Integer(), nullable=False),
    sa.Column('programme_version_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id', 'programme_version_id'], ['poster_pools.poster_id', 'poster_pools.programme_version_id'], name='fk_poster_answers_pool'),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_poster_answers')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_poster_answers_pool', 'poster_answers', ['poster_id', 'programme_version_id', 'name'], unique=False)
    op.create_table('poster_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('interview_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('question_id', sa.String(length=40), nullable=True),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('shown', sa.JSON(), nullable=True),
    sa.Column('step', sa.String(length=60), nullable=False),
    sa.Column('in_turn', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('idempotency_key', sa.String(length=120), nullable=False),
    sa.CheckConstraint("kind <> 'answer' OR question_id IS NOT NULL", name=op.f('ck_poster_events_answer_has_question')),
    sa.CheckConstraint("kind IN ('asked', 'answer', 'unread', 'skip', 'void', 'late', 'language', 'person', 'completed', 'refused', 'stopped', 'wrong_person')", name=op.f('ck_poster_events_known_kind')),
    sa.ForeignKeyConstraint(['interview_id'], ['poster_interviews.id'], name=op.f('fk_poster_events_interview_id_poster_interviews')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_events')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_poster_events_idempotency_key')),
    sa.UniqueConstraint('interview_id', 'position', name=op.f('uq_poster_events_interview_id_position'))
    )
    op.create_table('poster_texts',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['poster_events.id'], name=op.f('fk_poster_texts_event_id_poster_events')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_poster_texts'))
    )


def downgrade():
    op.drop_table('poster_texts')
    op.drop_table('poster_events')
    op.drop_index('ix_poster_answers_pool', table_name='poster_answers')
    op.drop_table('poster_answers')
    op.drop_table('poster_pools')
    op.drop_index('ix_poster_interviews_poster', table_name='poster_interviews')
    op.drop_index('ix_poster_interviews_expires', table_name='poster_interviews')
    op.drop_table('poster_interviews')
    op.drop_table('posters')

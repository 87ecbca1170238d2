"""Programmes in versions: what a programme says moves into its version 1, and each draw keeps the version it was made by.

Revision ID: 0014_programme_versions
Revises: 0013_draft_revisions
Create Date: 2026-11-23 15:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0014_programme_versions'
down_revision = '0013_draft_revisions'
branch_labels = None
depends_on = None

# What a programme said of itself until now.
KINDS = {
    'version_id': sa.Integer(),
    'collection': sa.String(length=10),
    'promise': sa.String(length=20),
    'low_score': sa.Integer(),
    'rules': sa.JSON(),
    'strata': sa.JSON(),
    'method': sa.String(length=20),
    'sample_size': sa.Integer(),
    'minimum': sa.Integer(),
    'fixed_sizes': sa.JSON(),
    'validity_days': sa.Integer(),
    'quarantine_days': sa.Integer(),
    'sending_window': sa.JSON(),
}
OPTIONAL = {'low_score', 'sample_size', 'sending_window'}
SAID = ', '.join(KINDS)
CHECKS = {
    'collection': "collection IN ('sms', 'web', 'file')",
    'method': "method IN ('everyone', 'proportional', 'equal', 'fixed')",
    'promise': "promise IN ('confidential', 'followed_up')",
    'quarantine_days': 'quarantine_days >= 0',
    'validity_days': 'validity_days > 0',
}


def upgrade():
    op.create_table('programme_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('in_force_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('collection', sa.String(length=10), nullable=False),
    sa.Column('promise', sa.String(length=20), nullable=False),
    sa.Column('low_score', sa.Integer(), nullable=True),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('strata', sa.JSON(), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('sample_size', sa.Integer(), nullable=True),
    sa.Column('minimum', sa.Integer(), nullable=False),
    sa.Column('fixed_sizes', sa.JSON(), nullable=False),
    sa.Column('validity_days', sa.Integer(), nullable=False),
    sa.Column('send_delay_hours', sa.Integer(), nullable=False),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('reminder_gap_hours', sa.Integer(), nullable=False),
    sa.Column('quarantine_days', sa.Integer(), nullable=False),
    sa.Column('sending_window', sa.JSON(), nullable=True),
    sa.Column('names_agent', sa.Boolean(), nullable=False),
    sa.CheckConstraint("collection IN ('sms', 'web', 'file')", name=op.f('ck_programme_versions_collection')),
    sa.CheckConstraint("method IN ('everyone', 'proportional', 'equal', 'fixed')", name=op.f('ck_programme_versions_method')),
    sa.CheckConstraint("promise IN ('anonymous', 'confidential', 'followed_up')", name=op.f('ck_programme_versions_promise')),
    sa.CheckConstraint('quarantine_days >= 0', name=op.f('ck_programme_versions_quarantine_days')),
    sa.CheckConstraint('reminder_gap_hours > 0', name=op.f('ck_programme_versions_reminder_gap_hours')),
    sa.CheckConstraint('reminders >= 0', name=op.f('ck_programme_versions_reminders')),
    sa.CheckConstraint('send_delay_hours >= 0', name=op.f('ck_programme_versions_send_delay_hours')),
    sa.CheckConstraint('validity_days > 0', name=op.f('ck_programme_versions_validity_days')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_programme_versions_programme_id_programmes')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_versions.id'], name=op.f('fk_programme_versions_version_id_questionnaire_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_versions')),
    sa.UniqueConstraint('programme_id', 'in_force_from', name=op.f('uq_programme_versions_programme_id_in_force_from')),
    sa.UniqueConstraint('programme_id', 'number', name=op.f('uq_programme_versions_programme_id_number'))
    )
    op.execute(
        f"INSERT INTO programme_versions (programme_id, number, in_force_from, note, created_at, created_by, {SAID},"
        " send_delay_hours, reminders, reminder_gap_hours, names_agent)"
        f" SELECT id, 1, created_at, '', created_at, created_by, {SAID}, 0, 0, 72, false FROM programmes"
    )
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.add_column(sa.Column('programme_version_id', sa.Integer(), nullable=True))
    op.execute(
        "UPDATE draws SET programme_version_id ="
        " (SELECT v.id FROM programme_versions v WHERE v.programme_id = draws.programme_id)"
    )
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.alter_column('programme_version_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(op.f('fk_draws_programme_version_id_programme_versions'), 'programme_versions', ['programme_version_id'], ['id'])
        batch_op.drop_constraint(op.f('fk_draws_version_id_questionnaire_versions'), type_='foreignkey')
        batch_op.drop_column('version_id')
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_programmes_{name}'), type_='check')
        batch_op.drop_constraint(op.f('fk_programmes_version_id_questionnaire_versions'), type_='foreignkey')
        for name in KINDS:
            batch_op.drop_column(name)


def downgrade():
    # A programme had one version only: of several the last one stays. "Anonymous" was no promise yet.
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        for name, kind in KINDS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    op.execute("UPDATE programme_versions SET promise = 'confidential' WHERE promise = 'anonymous'")
    latest = "SELECT max(w.number) FROM programme_versions w WHERE w.programme_id = programmes.id"
    for name in KINDS:
        op.execute(
            f"UPDATE programmes SET {name} = (SELECT v.{name} FROM programme_versions v"
            f" WHERE v.programme_id = programmes.id AND v.number = ({latest}))"
        )
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        for name, kind in KINDS.items():
            if name not in OPTIONAL:
                batch_op.alter_column(name, existing_type=kind, nullable=False)
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_programmes_{name}'), rule)
        batch_op.create_foreign_key(op.f('fk_programmes_version_id_questionnaire_versions'), 'questionnaire_versions', ['version_id'], ['id'])
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version_id', sa.Integer(), nullable=True))
    op.execute(
        "UPDATE draws SET version_id ="
        " (SELECT v.version_id FROM programme_versions v WHERE v.id = draws.programme_version_id)"
    )
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.alter_column('version_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(op.f('fk_draws_version_id_questionnaire_versions'), 'questionnaire_versions', ['version_id'], ['id'])
        batch_op.drop_constraint(op.f('fk_draws_programme_version_id_programme_versions'), type_='foreignkey')
        batch_op.drop_column('programme_version_id')
    op.drop_table('programme_versions')

"""Alerts to staff, who was told, and how each wants to be told.

Revision ID: 0009_alerts
Revises: 0008_webhook_refusals
Create Date: 2026-11-23 12:55:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0009_alerts'
down_revision = '0008_webhook_refusals'
branch_labels = None
depends_on = None

KINDS = "kind IN ('due_soon', 'breached', 'low_score', 'stuck')"


def upgrade():
    op.create_table('alerts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('subject_key', sa.String(length=120), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('in_charge_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(KINDS, name=op.f('ck_alerts_known_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts')),
    sa.UniqueConstraint('key', name=op.f('uq_alerts_key'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index('ix_alerts_raised_at', ['raised_at'], unique=False)
        batch_op.create_index('ix_alerts_subject_key', ['subject_key'], unique=False)

    op.create_table('alert_tellings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('message_key', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_alert_tellings_alert_id_alerts')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_alert_tellings_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_tellings')),
    sa.UniqueConstraint('alert_id', 'user_id', name=op.f('uq_alert_tellings_alert_id_user_id'))
    )
    with op.batch_alter_table('alert_tellings', schema=None) as batch_op:
        batch_op.create_index('ix_alert_tellings_user', ['user_id', 'at'], unique=False)

    op.create_table('alert_preferences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('how', sa.String(length=10), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint(KINDS, name=op.f('ck_alert_preferences_known_kind')),
    sa.CheckConstraint("how IN ('at_once', 'hourly', 'daily', 'never')", name=op.f('ck_alert_preferences_known_how')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_alert_preferences_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_preferences')),
    sa.UniqueConstraint('user_id', 'kind', name=op.f('uq_alert_preferences_user_id_kind'))
    )
    op.create_table('alert_readers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('opens', sa.Integer(), nullable=False),
    sa.Column('closes', sa.Integer(), nullable=False),
    sa.Column('weekends', sa.Boolean(), nullable=False),
    sa.Column('daily_hour', sa.Integer(), nullable=False),
    sa.CheckConstraint("language IN ('fr', 'en')", name=op.f('ck_alert_readers_language')),
    sa.CheckConstraint('0 <= opens AND opens < closes AND closes <= 24', name=op.f('ck_alert_readers_opens_first')),
    sa.CheckConstraint('opens <= daily_hour AND daily_hour < closes', name=op.f('ck_alert_readers_daily_while_open')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_alert_readers_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_readers')),
    sa.UniqueConstraint('user_id', name=op.f('uq_alert_readers_user_id'))
    )


def downgrade():
    for table in ('alert_readers', 'alert_preferences', 'alert_tellings', 'alerts'):
        op.drop_table(table)

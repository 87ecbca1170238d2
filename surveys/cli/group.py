"""The group every survey command belongs to."""

from flask.cli import AppGroup

surveys = AppGroup("surveys", help="Questionnaires, draws and answers.")

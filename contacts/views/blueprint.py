"""The blueprint all pages of the contact log hang on."""

from flask import Blueprint

bp = Blueprint("contacts", __name__)

"""The blueprint of the pages of figures, and the filters that write them."""

from flask import Blueprint

from satisfaction import pages
from satisfaction.views.sections import sections

bp = Blueprint("satisfaction", __name__, url_prefix="/satisfaction")
bp.context_processor(sections)
bp.add_app_template_filter(pages.in_unit)
bp.add_app_template_filter(pages.plain)
bp.add_app_template_filter(pages.bar)
bp.add_app_template_filter(pages.iso_day)
bp.add_app_template_filter(pages.points)

"""What we claim, computed: one module a noun; the names below are what others use."""

from satisfaction.services.reporting import DIMENSIONS, ReportRefused, register_of, report, survey_of

__all__ = ["DIMENSIONS", "ReportRefused", "register_of", "report", "survey_of"]

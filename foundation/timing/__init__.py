"""Calendars: working days and public holidays."""

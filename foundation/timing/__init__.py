"""When a delay ends: French working days, regional holidays, months, the end of a day in a zone."""

"""The shell: clock, forms, languages, filters, errors, headers and navigation."""

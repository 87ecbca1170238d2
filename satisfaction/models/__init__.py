"""Tables of the figures: one module a group of tables, all of them named here."""

"""The only readers of other packages' tables here: plain counts for figures, a few statements per report."""

"""Who contacted us: principals, sites, customers, the contact log, holds and closed periods."""

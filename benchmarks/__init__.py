"""Measurements that are run by hand: of figures against known truths, and of the product against bare alternatives."""

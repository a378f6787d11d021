"""The schema's history: a table that no migration has changed since is the one of `tables.py`.

The vocabulary of `columns.py` is as stable as a column's type is. Whoever changes a table writes
it out, as it stood, in the migration that made it: a test keeps the statements that each
migration has ever run, and tells when one would run others.
"""

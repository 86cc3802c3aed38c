"""Moving a running installation of the original here: see `docs/migrating.md`.

The original is read, never written, except for an application's database that the operator gives over
(`adoption`).
"""

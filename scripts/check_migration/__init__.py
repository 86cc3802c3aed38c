"""Moves the running original here and compares both: `make check-migration`.

For developers. The original is the package `liberty-framework` of PyPI, run as a separate program by
`scripts.client.original`; none of it is part of this project.
"""

"""Calls every stored definition of a repository: `make check-repository REPOSITORY=FILE`.

The server is the one that `make run` starts, its framework database a new one on a private PostgreSQL.
Nothing of an installation is read or changed.
"""

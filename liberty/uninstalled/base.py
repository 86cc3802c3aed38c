"""A database backend that refuses everything: Django's dummy, with a sentence that says what to do."""

from typing import Any, NoReturn

from django.db.backends.dummy import base

from liberty.errors import NotInstalled

ENGINE = "liberty.uninstalled"


def refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise NotInstalled


class DatabaseOperations(base.DatabaseOperations):
    quote_name = refuse


class DatabaseIntrospection(base.DatabaseIntrospection):
    get_table_list = refuse
    get_table_description = refuse
    get_relations = refuse
    get_indexes = refuse


class DatabaseWrapper(base.DatabaseWrapper):
    vendor = "uninstalled"
    _cursor = refuse
    ensure_connection = refuse
    _commit = refuse
    _savepoint_commit = refuse
    _set_autocommit = refuse
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations

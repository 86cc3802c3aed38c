"""The checks of child rows; what they do on a page is tested with the pages."""

from django.contrib.admin import site

from apps.queries.models import Query, QuerySql
from liberty.admin_rows import RowInline


class SoundRows(RowInline):
    model = QuerySql
    fields = ("query_dbtype", "query_sqlquery")
    parent_field = "query_id"
    key_fields = ("query_dbtype", "query_crud")


class WrongRows(SoundRows):
    fields = ("query_dbtype", "query_text")
    key_fields = ("query_dbtype", "verb")


def test_sound_names_pass() -> None:
    assert SoundRows(Query, site).check() == []


def test_unknown_names_are_told() -> None:
    assert [problem.msg for problem in WrongRows(Query, site).check()] == [
        "'verb' is not a field of QuerySql.",
        "'query_text' is not a field of QuerySql.",
    ]

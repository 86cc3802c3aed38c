"""Links from the pages of rows to their history."""

from typing import Any

from django import template
from django.db.models import Model

from apps.audit.admin import history_address
from apps.audit.model_changes import FRAMEWORK_TABLES

register = template.Library()


@register.simple_tag
def audit_address(row: Any) -> str:
    """Return the address of the history of a stored framework row; empty for anything else."""
    is_framework_row = isinstance(row, Model) and row._meta.db_table.startswith(FRAMEWORK_TABLES)
    return history_address(row) if is_framework_row and row.pk is not None else ""

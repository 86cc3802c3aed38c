"""Fixtures of the tests of set-up."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker


@pytest.fixture
def models_on_pools(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let models be used on pools and through readers: other connections, which see what is committed."""
    with django_db_blocker.unblock():
        yield

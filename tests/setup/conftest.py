"""Fixtures of the tests of set-up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases import Server
from tests.setup.installations import Installation, Names, new_names


@pytest.fixture
def models_on_pools(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let models be used on pools and through readers: other connections, which see what is committed."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def names(postgres_server: Server, worker: str) -> Iterator[Names]:
    """A role and a database on the tests' server that are not there yet."""
    with new_names(postgres_server, worker) as found:
        yield found


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A new installation with keys and without a framework database."""
    return Installation(tmp_path)

"""What a process remembers, and when it forgets."""

from collections.abc import Callable

import pytest
from django.db.models import F
from pytest_django import DjangoAssertNumQueries, Settings

from apps.pools import catalogue
from apps.pools.catalogue import forget_all, raise_stamp, remembered, touch, watch
from apps.pools.models import CatalogueStamp

pytestmark = pytest.mark.django_db


class Counter:
    """Loads how often it was asked to load."""

    def __init__(self) -> None:
        self.loads = 0

    def __call__(self) -> int:
        self.loads += 1
        return self.loads


def raised_elsewhere(name: str) -> None:
    """Raise a stamp as another process does."""
    if not CatalogueStamp.objects.filter(catalogue=name).update(stamp=F("stamp") + 1):
        CatalogueStamp.objects.create(catalogue=name, stamp=1)


def test_a_value_is_loaded_once() -> None:
    load = Counter()
    assert [remembered("default", "key", load) for _ in range(3)] == [1, 1, 1]


def test_nothing_is_asked_for_a_remembered_value(
    django_assert_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    settings.LIBERTY_CATALOGUE_POLL_S = 60
    load = Counter()
    remembered("default", "key", load)
    with django_assert_num_queries(0):
        assert remembered("default", "key", load) == 1


def test_a_change_of_this_process_is_seen_at_once(settings: Settings) -> None:
    settings.LIBERTY_CATALOGUE_POLL_S = 60
    load = Counter()
    remembered("default", "key", load)
    touch("default")
    assert remembered("default", "key", load) == 2


def test_a_change_of_another_process_is_seen_at_the_next_look(settings: Settings) -> None:
    load = Counter()
    settings.LIBERTY_CATALOGUE_POLL_S = 60
    remembered("default", "key", load)
    raised_elsewhere("default")
    assert remembered("default", "key", load) == 1
    settings.LIBERTY_CATALOGUE_POLL_S = 0
    assert remembered("default", "key", load) == 2


def test_a_change_of_one_catalogue_leaves_the_others(settings: Settings) -> None:
    settings.LIBERTY_CATALOGUE_POLL_S = 0
    load = Counter()
    remembered("libnsx1", "key", load)
    raised_elsewhere("default")
    touch("libnetl")
    assert remembered("libnsx1", "key", load) == 1


def test_what_is_old_is_loaded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    load = Counter()
    remembered("default", "key", load)
    monkeypatch.setattr(catalogue, "LIFETIME_S", -1.0)
    assert remembered("default", "key", load) == 2


def test_a_load_that_fails_is_tried_again() -> None:
    def fail() -> int:
        raise LookupError

    load: Callable[[], int] = fail
    with pytest.raises(LookupError):
        remembered("default", "key", load)
    assert remembered("default", "key", Counter()) == 1


def test_watchers_are_told_of_others_changes_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIBERTY_CATALOGUE_POLL_S = 0
    told: list[str] = []
    monkeypatch.setattr(catalogue, "_watchers", [])
    watch(told.append)
    forget_all()
    remembered("default", "key", Counter())
    raise_stamp("ours")
    raised_elsewhere("theirs")
    remembered("default", "key", Counter())
    remembered("default", "key", Counter())
    assert told == ["theirs"]

"""Reserving records, without the wire."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.caller import Caller
from apps.framework import reservations
from apps.framework.models import Reservation, SocketConnection

pytestmark = pytest.mark.django_db

RECORD = "APPS|1|QRY|2|admin"


def connect(sid: str, *, catalogue: str = "default", node: str = "n1") -> str:
    reservations.connect(sid, Caller("ada", catalogue), node=node, application=1)
    return sid


def expire(sid: str) -> None:
    SocketConnection.objects.filter(sid=sid).update(seen=timezone.now() - timedelta(hours=1))


def test_a_record_is_for_one_connection() -> None:
    first, second = connect("1"), connect("2")
    assert reservations.reserve(first, RECORD)
    assert reservations.reserve(first, RECORD)
    assert not reservations.reserve(second, RECORD)
    assert reservations.reserve(second, RECORD + "2")
    reservations.release(second, RECORD)
    assert not reservations.reserve(second, RECORD)
    reservations.release(first, RECORD)
    assert reservations.reserve(second, RECORD)


def test_another_catalogue_has_records_of_its_own() -> None:
    assert reservations.reserve(connect("1"), RECORD)
    assert reservations.reserve(connect("2", catalogue="other"), RECORD)


def test_records_are_free_when_their_connection_is_gone() -> None:
    first, second = connect("1"), connect("2")
    reservations.reserve(first, RECORD)
    reservations.disconnect(first)
    assert reservations.reserve(second, RECORD)
    reservations.release_all(second)
    assert not Reservation.objects.exists()
    reservations.disconnect_all("n1")
    assert not SocketConnection.objects.exists()


def test_records_of_a_process_that_died_are_free_after_a_time() -> None:
    first, second = connect("1"), connect("2", node="n2")
    reservations.reserve(first, RECORD)
    assert reservations.keep([first, second]) == set()
    expire(first)
    assert [connection.sid for connection in reservations.open_connections()] == [second]
    assert reservations.reserve(second, RECORD)


def test_a_process_that_slept_too_long_is_told_which_connections_it_has_lost() -> None:
    first = connect("1")
    expire(first)
    second = connect("2")
    assert reservations.keep([first, second]) == {first}
    assert not reservations.reserve(first, RECORD)


@pytest.mark.parametrize(
    "record", ["", "x" * 501, "a\x00b", "a\ud800"], ids=["empty", "long", "NUL", "half a surrogate pair"]
)
def test_what_is_no_record_is_not_reserved(record: str) -> None:
    assert not reservations.reserve(connect("1"), record)
    reservations.release("1", record)


def test_a_connection_has_a_hundred_records_at_most(settings: Settings) -> None:
    first = connect("1")
    taken = [reservations.reserve(first, f"r{number}") for number in range(reservations.MAX_RECORDS + 1)]
    assert taken == [True] * reservations.MAX_RECORDS + [False]
    assert reservations.reserve(first, "r0")

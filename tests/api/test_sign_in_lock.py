"""Too many wrong passwords at POST /api/auth/token."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts import lockout, passwords
from apps.accounts.checks import sign_in_limits_hold
from apps.accounts.models import SignInFailures, User
from liberty.text import counted
from tests.conftest import PASSWORD
from tests.live_site import live_site_in

PATH = "/api/auth/token"
WRONG = "another one"
REFUSED = {"status": "failed", "message": "Authentication failed"}

pytestmark = pytest.mark.django_db


class Clock:
    """The time that locks go by."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 31, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(lockout, "now", clock)
    return clock


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.LIBERTY_SIGN_IN_ATTEMPTS = 3
    settings.LIBERTY_SIGN_IN_USER_ATTEMPTS = 7
    settings.LIBERTY_SIGN_IN_ADDRESS_ATTEMPTS = 12
    settings.LIBERTY_SIGN_IN_WINDOW_S = 60


def post(user: str = "admin", password: str = WRONG, query: str = "", **headers: Any) -> Any:
    return APIClient().post(f"{PATH}{query}", {"user": user, "password": password}, format="json", **headers)


def statuses(count: int, *arguments: str, **headers: Any) -> list[int]:
    return [post(*arguments, **headers).status_code for _ in range(count)]


def check_locked(response: Any, seconds: int = 60) -> None:
    message = f"Too many failed sign-ins. Please try again in {counted(seconds, 'second')}."
    assert (response.status_code, response.json()) == (429, {"status": "failed", "message": message})
    assert response["Retry-After"] == str(seconds)


def is_let_in(response: Any) -> bool:
    return bool(response.status_code == 200 and response.json()["status"] == "success")


@pytest.mark.parametrize("user", ["admin", "stranger", "nobody", "", "no\x00body"])
def test_too_many_wrong_passwords_lock_every_user_alike(admin: User, stranger: User, user: str) -> None:
    for _ in range(3):
        response = post(user)
        assert (response.status_code, response.json()) == (401, REFUSED)
    check_locked(post(user))


def test_the_right_password_opens_no_lock(admin: User) -> None:
    statuses(3)
    check_locked(post("admin", PASSWORD))


def test_a_lock_ends_by_time(admin: User, clock: Clock) -> None:
    statuses(3)
    clock.advance(59.5)
    check_locked(post("admin", PASSWORD), seconds=1)
    clock.advance(0.5)
    assert is_let_in(post("admin", PASSWORD))


def test_attempts_while_locked_do_not_prolong_it(admin: User, clock: Clock) -> None:
    statuses(3)
    clock.advance(30)
    check_locked(post(), seconds=30)
    clock.advance(30)
    assert is_let_in(post("admin", PASSWORD))


def test_a_lock_lasts_a_whole_window_from_the_last_failure(admin: User, clock: Clock) -> None:
    statuses(2)
    clock.advance(59)
    post()
    check_locked(post())


def test_failures_are_forgotten_after_a_window(admin: User, clock: Clock) -> None:
    assert statuses(2) == [401, 401]
    clock.advance(60)
    assert statuses(4) == [401, 401, 401, 429]


def test_the_right_password_forgets_failures(admin: User) -> None:
    assert statuses(2) == [401, 401]
    assert is_let_in(post("admin", PASSWORD))
    assert statuses(4) == [401, 401, 401, 429]


def test_the_right_password_forgets_no_failures_of_others(admin: User, clock: Clock) -> None:
    """Who has a password of his own guesses no faster for it."""
    for number in range(12):
        assert is_let_in(post("admin", PASSWORD))
        post(f"user{number}")
    check_locked(post("admin", PASSWORD))


def test_another_user_is_not_locked(admin: User, reader: User) -> None:
    assert statuses(4) == [401, 401, 401, 429]
    assert is_let_in(post("reader", PASSWORD))


def test_another_catalogue_is_not_locked(admin: User) -> None:
    for _ in range(3):
        post()
    check_locked(post(query="?pool=default"))
    assert post(query="?pool=nowhere").status_code == 500


def test_another_address_is_not_locked(admin: User) -> None:
    assert statuses(4, REMOTE_ADDR="192.0.2.1") == [401, 401, 401, 429]
    assert is_let_in(post("admin", PASSWORD, REMOTE_ADDR="192.0.2.2"))


def test_a_user_has_a_ceiling_for_all_addresses(admin: User, reader: User) -> None:
    for number in range(7):
        assert post(REMOTE_ADDR=f"192.0.2.{number}").status_code == 401
    check_locked(post("admin", PASSWORD, REMOTE_ADDR="192.0.2.99"))
    assert is_let_in(post("reader", PASSWORD, REMOTE_ADDR="192.0.2.99"))


def test_an_address_has_a_ceiling_for_all_users(admin: User) -> None:
    for number in range(12):
        assert post(f"user{number}", REMOTE_ADDR="192.0.2.1").status_code == 401
    check_locked(post("admin", PASSWORD, REMOTE_ADDR="192.0.2.1"))
    assert is_let_in(post("admin", PASSWORD, REMOTE_ADDR="192.0.2.2"))


def test_a_network_of_ipv6_is_one_address(admin: User) -> None:
    answers = [post(REMOTE_ADDR=f"2001:db8::{number}").status_code for number in range(1, 5)]
    assert answers == [401, 401, 401, 429]
    assert is_let_in(post("admin", PASSWORD, REMOTE_ADDR="2001:db8:0:1::1"))


def test_callers_without_address_are_never_locked_all_together(admin: User) -> None:
    for number in range(12):
        assert post(f"user{number}", REMOTE_ADDR="").status_code == 401
    assert statuses(4, REMOTE_ADDR="") == [401, 401, 401, 429]


def test_a_header_that_callers_write_is_not_believed(admin: User) -> None:
    answers = [post(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}").status_code for number in range(4)]
    assert answers == [401, 401, 401, 429]


def test_behind_a_proxy_the_header_is_believed_as_far_as_the_proxy_wrote_it(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rest_framework.throttling.api_settings.NUM_PROXIES", 1)
    forged = [post(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 198.51.100.7").status_code for number in range(4)]
    assert forged == [401, 401, 401, 429]
    assert is_let_in(post("admin", PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.8"))


def test_a_right_password_that_may_not_sign_in_counts(reader: User, stranger: User) -> None:
    assert statuses(4, "stranger", PASSWORD) == [401, 401, 401, 429]
    assert statuses(4, "reader", PASSWORD, "?mode=framework") == [401, 401, 401, 429]


def test_a_request_that_cannot_be_understood_does_not_count(admin: User) -> None:
    for _ in range(4):
        assert APIClient().post(PATH, {"user": "admin"}, format="json").status_code == 422
    assert not SignInFailures.objects.exists()


def test_while_locked_no_hash_is_computed(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for user in ("admin", "nobody"):
        statuses(3, user)
    monkeypatch.setattr(passwords, "check", lambda *arguments: pytest.fail("a password was looked at"))
    for user in ("admin", "nobody"):
        check_locked(post(user))


def test_a_lock_is_logged_once(admin: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="liberty.accounts"):
        statuses(6, "admin", "hunter2", REMOTE_ADDR="192.0.2.1")
    assert [record.getMessage() for record in caplog.records if record.name == "liberty.accounts"] == [
        "sign-in is locked after 3 failures: user 'admin' of 'default', from 192.0.2.1"
    ]


def test_the_log_tells_what_is_locked(admin: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="liberty.accounts"):
        for number in range(12):
            post(f"user{number}", REMOTE_ADDR="192.0.2.1")
    assert [record.getMessage() for record in caplog.records if record.name == "liberty.accounts"] == [
        "sign-in is locked after 12 failures: everybody, from 192.0.2.1"
    ]


def test_the_original_client_gets_its_word(admin: User, settings: Settings) -> None:
    settings.LIBERTY_ORIGINAL_CLIENT = True
    statuses(3)
    response = post("admin", PASSWORD)
    message = "Too many failed sign-ins. Please try again in 60 seconds."
    assert (response.status_code, response.json()) == (
        200,
        {
            "access_token": "",
            "token_type": "",
            "status": "error",
            "message": "loginError",
            "items": [{"message": message}],
        },
    )
    assert response["Retry-After"] == "60"


# What is kept


def test_no_user_id_is_kept(admin: User) -> None:
    post("hunter2")
    rows = SignInFailures.objects.values_list("user_key", "network")
    assert len(rows) == 3
    assert not any("hunter2" in text for row in rows for text in row)


def test_old_counts_go_with_the_next_new_one(admin: User, clock: Clock) -> None:
    for number in range(5):
        post(f"user{number}")
    assert SignInFailures.objects.count() == 11
    clock.advance(60)
    post()
    assert SignInFailures.objects.count() == 3


def test_a_flood_of_invented_users_does_not_fill_the_table(
    admin: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "MAX_ROWS", 10)
    for number in range(20):
        clock.advance(0.1)
        post(f"user{number}", REMOTE_ADDR=f"192.0.2.{number}")
    assert SignInFailures.objects.count() <= 11
    assert statuses(4) == [401, 401, 401, 429]


if project.FRAMEWORK == "postgres":  # SQLite has one writer at a time, and no locks of rows.

    @pytest.mark.django_db(transaction=True)
    def test_what_others_work_on_is_not_waited_for(admin: User, clock: Clock) -> None:
        """Two that drop old counts at once would wait for each other, and one of them would count nothing."""
        post("old")
        clock.advance(60)
        other = connection.copy()
        other.set_autocommit(False)
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT 1 FROM liberty_sign_in_failures WHERE user_key <> '' FOR UPDATE")
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            post(REMOTE_ADDR="192.0.2.1")
        finally:
            other.close()
        running = SignInFailures.objects.filter(ends_at__gt=clock())
        assert sorted(running.values_list("failures", "network")) == [
            (1, ""),
            (1, "192.0.2.1"),
            (1, "192.0.2.1"),
        ]


# Unlock


def test_a_command_unlocks_a_user(admin: User, capsys: pytest.CaptureFixture[str]) -> None:
    statuses(3)
    call_command("unlock_user", "admin")
    call_command("unlock_user", "admin")
    assert capsys.readouterr().out.splitlines() == [
        "Failures forgotten: user `admin` of `default`",
        "No failures: user `admin` of `default`",
    ]
    assert is_let_in(post("admin", PASSWORD))


def test_a_command_unlocks_an_address(admin: User, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(12):
        post(f"user{number}", REMOTE_ADDR="2001:db8::1")
    call_command("unlock_user", address="2001:db8::2")
    assert capsys.readouterr().out == "Failures forgotten: address `2001:db8::2`\n"
    assert is_let_in(post("admin", PASSWORD, REMOTE_ADDR="2001:db8::1"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Name a user, or an address with --address"),
        ({"address": "here"}, "`here` is no IP address"),
    ],
)
def test_the_command_tells_what_is_wrong(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(CommandError, match=f"^{message}$"):
        call_command("unlock_user", **arguments)


# Settings


@pytest.mark.parametrize("name", ["ATTEMPTS", "USER_ATTEMPTS", "ADDRESS_ATTEMPTS", "WINDOW_S"])
def test_a_limit_that_is_none_is_told_at_start(settings: Settings, name: str) -> None:
    assert sign_in_limits_hold(None) == []
    setattr(settings, f"LIBERTY_SIGN_IN_{name}", 0)
    [found] = sign_in_limits_hold(None)
    assert (found.id, found.msg) == ("liberty.E022", f"LIBERTY_SIGN_IN_{name} is not above 0.")


# Several at once


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_moment_are_all_counted(
    admin: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LIBERTY_SIGN_IN_ATTEMPTS = settings.LIBERTY_SIGN_IN_USER_ATTEMPTS = 16
    settings.LIBERTY_SIGN_IN_ADDRESS_ATTEMPTS = 100
    gate = threading.Barrier(8)

    def fail(number: int) -> list[int]:
        gate.wait()
        try:
            return statuses(2)
        finally:
            connections.close_all()

    with caplog.at_level(logging.WARNING, logger="liberty.accounts"), ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(fail, range(8)))
    assert answers == [[401, 401]] * 8
    check_locked(post())
    logged = [record.getMessage() for record in caplog.records if record.name == "liberty.accounts"]
    assert sorted(logged) == [
        "sign-in is locked after 16 failures: user 'admin' of 'default', from 127.0.0.1",
        "sign-in is locked after 16 failures: user 'admin' of 'default', from everywhere",
    ]


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], int]]:
    """Sign in at a server of two workers, over a connection of its own; return the status."""
    folder: Path = tmp_path_factory.mktemp("workers")
    with live_site_in(folder, WORKERS="2") as site:

        def sign_in(user: str, password: str) -> int:
            with requests.Session() as session:
                body = {"user": user, "password": password}
                return session.post(f"{site.url}{PATH}", json=body, timeout=20).status_code

        yield sign_in


def test_workers_share_the_count(two_workers: Callable[[str, str], int]) -> None:
    answers = [two_workers("demo", "wrong") for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert two_workers("demo", "demo") == 429

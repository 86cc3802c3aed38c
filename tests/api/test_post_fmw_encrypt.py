"""POST /api/fmw/encrypt."""

import logging
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from liberty import crypto
from tests.conftest import PASSWORD, client_of

PATH = "/api/fmw/encrypt"
SECRET = "hunter2 é & = 100% 🙂"


def post(client: APIClient, body: Any = None, **arguments: str) -> Any:
    return client.post(PATH, body, format="json", query_params=arguments)


def encrypted(response: Any) -> str:
    body = response.json()
    assert (response.status_code, list(body)) == (200, ["encrypted"])
    assert response["Cache-Control"] == "no-store"
    text: str = body["encrypted"]
    assert text.startswith("ENC:")
    return text


def check_faults(response: Any, *faults: tuple[list[str], str]) -> None:
    found = [(fault["loc"], fault["type"]) for fault in response.json()["detail"]]
    assert (response.status_code, found) == (422, list(faults))


def check_failure(response: Any, status: int, message: str) -> None:
    assert (response.status_code, response.json()) == (status, {"status": "failed", "message": message})


# Transport: for everybody


@pytest.mark.parametrize("text", [SECRET, "", "x" * 4096, "enc:", " ENC:"], ids=lambda text: text[:10])
def test_text_in_the_body_is_encrypted_for_transport(anonymous_client: APIClient, text: str) -> None:
    answer = encrypted(post(anonymous_client, {"plain_text": text}))
    assert crypto.decrypt_transport(answer) == text


@pytest.mark.parametrize("body", [None, {}, {"other": 1}])
def test_text_in_the_query_string_is_encrypted(anonymous_client: APIClient, body: Any) -> None:
    answer = encrypted(post(anonymous_client, body, plain_text=SECRET))
    assert crypto.decrypt_transport(answer) == SECRET


def test_the_body_comes_before_the_query_string(anonymous_client: APIClient) -> None:
    answer = encrypted(post(anonymous_client, {"plain_text": "body"}, plain_text="query"))
    assert crypto.decrypt_transport(answer) == "body"


def test_it_costs_no_statement(
    anonymous_client: APIClient, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        encrypted(post(anonymous_client, {"plain_text": SECRET}))


@pytest.mark.parametrize("text", ["ENC:", "ENC:********", "ENC:v1:0:x", "ENC:" + "x" * 1000])
@pytest.mark.parametrize("form", ["transport", "storage", "original"])
def test_encrypted_text_comes_back_as_it_is(admin_client: APIClient, text: str, form: str) -> None:
    answer = post(admin_client, {"plain_text": text, "master_key": "key"}, format=form)
    assert encrypted(answer) == text


def test_a_password_that_begins_like_encrypted_text_is_encrypted_on_demand(
    anonymous_client: APIClient,
) -> None:
    answer = encrypted(post(anonymous_client, {"plain_text": "ENC:hunter2"}, literal="true"))
    assert crypto.decrypt_transport(answer) == "ENC:hunter2"


@pytest.mark.django_db
def test_the_answer_signs_in(anonymous_client: APIClient, admin: User) -> None:
    answer = encrypted(post(anonymous_client, {"plain_text": PASSWORD}))
    signed_in = anonymous_client.post("/api/auth/token", {"user": "admin", "password": answer}, format="json")
    assert signed_in.status_code == 200


def test_a_token_plays_no_part_in_transport(admin_client: APIClient) -> None:
    assert crypto.decrypt_transport(encrypted(post(admin_client, {"plain_text": SECRET}))) == SECRET
    admin_client.credentials(HTTP_AUTHORIZATION="Bearer expired")
    assert crypto.decrypt_transport(encrypted(post(admin_client, {"plain_text": SECRET}))) == SECRET


# Refusals


@pytest.mark.parametrize(
    ("body", "arguments", "fault"),
    [
        (None, {}, (["query", "plain_text"], "missing")),
        ({}, {}, (["query", "plain_text"], "missing")),
        ({"PLAIN_TEXT": "x"}, {}, (["query", "plain_text"], "missing")),
        ({"plain_text": None}, {"plain_text": "x"}, (["body", "plain_text"], "string_type")),
        ({"plain_text": 7}, {}, (["body", "plain_text"], "string_type")),
        ({"plain_text": ["hunter2"]}, {}, (["body", "plain_text"], "string_type")),
        ([], {}, (["body"], "dict_type")),
        ("hunter2", {}, (["body"], "dict_type")),
        ({"plain_text": "x" * 4097}, {}, (["body", "plain_text"], "string_too_long")),
        (None, {"plain_text": "é" * 2049}, (["query", "plain_text"], "string_too_long")),
        ({"plain_text": "x"}, {"format": "other"}, (["query", "format"], "enum")),
        ({"plain_text": "x"}, {"literal": "yes"}, (["query", "literal"], "enum")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_encrypted_is_refused(
    anonymous_client: APIClient, body: Any, arguments: dict[str, str], fault: tuple[list[str], str]
) -> None:
    response = post(anonymous_client, body, **arguments)
    check_faults(response, fault)
    assert b"hunter2" not in response.content


def test_an_unreadable_body_is_refused(anonymous_client: APIClient) -> None:
    response = anonymous_client.generic("POST", f"{PATH}?plain_text=x", "{", "application/json")
    check_failure(response, 400, "Invalid JSON format in request body.")


def test_a_body_that_the_longest_text_does_not_need_is_refused(anonymous_client: APIClient) -> None:
    escaped = '{"plain_text": "' + "\\u0041" * 4096 + '"}'
    answer = encrypted(anonymous_client.generic("POST", PATH, escaped, "application/json"))
    assert crypto.decrypt_transport(answer) == "A" * 4096
    response = anonymous_client.generic("POST", PATH, escaped + " " * 2000, "application/json")
    check_failure(response, 413, "The request body is too large.")


@pytest.mark.parametrize("form", ["storage", "original"])
def test_a_large_body_is_not_read_for_those_who_may_not_send_it(
    anonymous_client: APIClient, form: str
) -> None:
    response = post(anonymous_client, {"plain_text": "x" * 100_000}, format=form)
    check_failure(response, 401, "Not authenticated")


def test_too_many_calls_are_refused_and_told_when_to_come_back(
    anonymous_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_ENCRYPT_RATE = "2/minute"
    answers = [post(anonymous_client, {"plain_text": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["status"] == "failed"
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def test_a_caller_cannot_pretend_to_be_another_address(
    anonymous_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_ENCRYPT_RATE = "1/minute"
    statuses = [
        anonymous_client.post(
            PATH, {"plain_text": "x"}, format="json", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}"
        ).status_code
        for number in range(2)
    ]
    assert statuses == [200, 429]


@pytest.mark.parametrize(
    ("addresses", "statuses"),
    [
        (["10.0.0.1", "10.0.0.2"], [200, 200]),
        (["2001:db8::1", "2001:db8::2"], [200, 429]),
        (["2001:db8::1", "2001:db8:0:1::1"], [200, 200]),
        (["::ffff:10.0.0.1", "::ffff:10.0.0.2"], [200, 200]),
        (["::ffff:10.0.0.1", "10.0.0.1"], [200, 429]),
        (["::ffff:10.0.0.1", "::FFFF:0a00:0001"], [200, 429]),
        (["::1", "127.0.0.1"], [200, 200]),
        (["fe80::1%eth0", "fe80::2%eth1"], [200, 429]),
        (["", ""], [200, 429]),
    ],
)
def test_calls_are_counted_by_network(
    anonymous_client: APIClient, settings: Settings, addresses: list[str], statuses: list[int]
) -> None:
    settings.LIBERTY_ENCRYPT_RATE = "1/minute"
    answers = [
        anonymous_client.post(PATH, {"plain_text": "x"}, format="json", REMOTE_ADDR=address)
        for address in addresses
    ]
    assert [answer.status_code for answer in answers] == statuses


# Storage and original: for administrators of the default catalogue


def test_an_administrator_gets_text_under_the_storage_key(
    admin_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_ENCRYPT_RATE = "0/minute"
    long = SECRET * 1000
    answer = encrypted(post(admin_client, {"plain_text": long}, format="storage"))
    assert (crypto.reads_stored(answer), crypto.decrypt_stored(answer)) == (True, long)


def test_an_administrator_gets_text_that_an_original_reads(admin_client: APIClient) -> None:
    body = {"plain_text": SECRET, "master_key": "key of an original"}
    answer = encrypted(post(admin_client, body, format="original"))
    assert crypto.decrypt_original(answer, "key of an original") == SECRET


@pytest.mark.parametrize(
    ("body", "kind"),
    [({"plain_text": "x"}, "missing"), ({"plain_text": "x", "master_key": 7}, "string_type")],
)
def test_the_master_key_is_needed_and_taken_from_the_body_alone(
    admin_client: APIClient, body: Any, kind: str
) -> None:
    response = post(admin_client, body, format="original", master_key="key of an original")
    check_faults(response, (["body", "master_key"], kind))


def test_an_empty_master_key_is_refused(admin_client: APIClient) -> None:
    response = post(admin_client, {"plain_text": "x", "master_key": ""}, format="original")
    check_failure(response, 400, "The master key of the original is missing")


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["storage", "original"])
def test_others_are_refused(anonymous_client: APIClient, reader: User, form: str) -> None:
    body = {"plain_text": SECRET, "master_key": "x"}
    anonymous = post(anonymous_client, body, format=form)
    check_failure(anonymous, 401, "Not authenticated")
    assert anonymous["WWW-Authenticate"] == "Bearer"
    refused = post(client_of(reader), body, format=form)
    check_failure(refused, 403, "This needs an administrator of the default catalogue.")


# A24


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{PATH}?plain_text=hunter2", "{}"),
        (f"{PATH}?plain_text=hunter2&format=other", "{}"),
        (f"{PATH}?plain_text=hunter2&format=storage", "{}"),
        (f"{PATH}/?plain_text=hunter2", "{}"),
        (PATH, '{"plain_text": "hunter2"}'),
        (PATH, '{"plain_text": "hunter2'),
        (PATH, '{"plain_text": "hunter2\\ud800"}'),
        (f"{PATH}?format=original", '{"plain_text": "hunter2", "master_key": 7}'),
    ],
)
def test_the_text_is_in_no_log_and_no_error(
    anonymous_client: APIClient, caplog: pytest.LogCaptureFixture, path: str, body: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = anonymous_client.generic("POST", path, body, "application/json")
    assert "hunter2" not in caplog.text
    assert b"hunter2" not in response.content


def test_the_text_is_not_in_the_log_of_what_nobody_foresaw(
    anonymous_client: APIClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("apps.framework.views.encrypt_text", fail)
    response = post(anonymous_client, {"plain_text": "hunter2"}, plain_text="hunter2")
    assert response.status_code == 500
    assert "RuntimeError: broken" in caplog.text
    assert "hunter2" not in caplog.text + response.content.decode()

"""What is taken out of a module's settings before anybody may read them."""

import pytest

from apps.framework.module_params import published

KEPT = [
    None,
    "",
    "{}",
    '{"url": "https://sentry.example", "replay": "false", "clientid": "liberty", "platform": "dev"}',
    '{"authority": "https://id.example/realms/a", "client_id": "web", "scope": "openid"}',
    '{"keyboard": true, "monkey": 1, "compass": "north", "author": "Ada"}',
    '{"rate": 0.10, "big": 12345678901234567890123}',
    '["a", {"b": null}]',
    '{"url": "https://user@example.org/path:1@2"}',
]


@pytest.mark.parametrize("text", KEPT)
def test_settings_without_secrets_come_back_as_they_are(text: str | None) -> None:
    assert published(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "db_password",
        "DB-PASSWORD",
        "userPasswd",
        "pwd",
        "key",
        "apiKey",
        "APIKEY",
        "api_key",
        "accessToken",
        "TOKEN",
        "clientSecret",
        "client_secret_2",
        "dsn",
        "sentryDSN",
        "DSNUrl",
        "authorization",
        "jwt",
        "privateKey",
        "credentials",
        "pass word",
    ],
)
def test_a_member_whose_name_says_secret_is_left_out(name: str) -> None:
    assert published(f'{{"{name}": "s3cr3t", "url": "https://a.example"}}') == '{"url":"https://a.example"}'


@pytest.mark.parametrize(
    "value",
    [
        "https://user:s3cr3t@sentry.example/1",
        "postgres://u:p%40@h/db",
        "ENC:AAAA",
        "-----BEGIN PRIVATE KEY-----\\nMIIE",
    ],
)
def test_a_member_whose_value_is_a_secret_is_left_out(value: str) -> None:
    assert published(f'{{"address": "{value}", "list": ["{value}", "kept"]}}') == '{"list":["kept"]}'


def test_secrets_are_left_out_at_any_depth() -> None:
    text = '{"sentry": {"options": [{"token": "t", "rate": 0.10}]}, "level": 1}'
    assert published(text) == '{"sentry":{"options":[{"rate":0.10}]},"level":1}'


@pytest.mark.parametrize("text", ["plain", "token=abc", '"token"', "1", "{'a': 1}", '{"a": 1', "[" * 100])
def test_text_that_is_no_json_object_or_list_is_kept_back(text: str) -> None:
    assert published(text) is None

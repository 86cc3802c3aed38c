"""System checks of pools."""

import pytest
from pytest_django import Settings

from apps.pools import checks


def test_a_working_installation_has_nothing_to_say() -> None:
    assert checks.encryption_key_is_set(None) == []
    assert checks.drivers_are_installed(None) == []


def test_a_missing_key_is_an_error(settings: Settings) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = ""
    assert [message.id for message in checks.encryption_key_is_set(None)] == ["liberty.E001"]


def test_a_missing_driver_is_an_error_that_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checks._DRIVERS, "no_such_driver", "no-such-driver")
    (message,) = checks.drivers_are_installed(None)
    assert (message.id, message.hint) == ("liberty.E002", "pip install no-such-driver")

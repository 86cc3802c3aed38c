"""One-time passwords: good for choosing another one, and for nothing else."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import User, UserState
from apps.accounts.new_password import REFUSED, must_change
from apps.accounts.validators import UsablePasswordValidator
from tests.conftest import PASSWORD

FORM = "/admin/password_change/"
OWN = "a password of my own"


@pytest.fixture
def one_time(admin: User) -> User:
    UserState.objects.create(usr_id=admin.usr_id, must_change_password=True)
    return admin


def test_no_token_is_issued(one_time: User, anonymous_client: APIClient) -> None:
    body = {"user": one_time.usr_id, "password": PASSWORD}
    response = anonymous_client.post("/api/auth/token", body, format="json")
    assert (response.status_code, response.json()) == (403, {"status": "failed", "message": REFUSED})


def test_a_wrong_password_is_told_nothing_of_it(one_time: User, anonymous_client: APIClient) -> None:
    body = {"user": one_time.usr_id, "password": "wrong"}
    assert anonymous_client.post("/api/auth/token", body, format="json").status_code == 401


@pytest.mark.parametrize("page", ["/admin/", "/admin/accounts/user/", "/admin/pools/pool/add/"])
def test_the_admin_site_leads_to_the_form(one_time: User, client: Client, page: str) -> None:
    client.force_login(one_time)
    response = client.get(page)
    assert (response.status_code, response.headers["Location"]) == (302, FORM)
    assert client.get(FORM).status_code == 200


def test_the_session_reads_no_logs(one_time: User, client: Client) -> None:
    client.force_login(one_time)
    assert client.get("/api/logs").status_code == 403


def test_a_new_password_opens_everything(one_time: User, client: Client, anonymous_client: APIClient) -> None:
    client.force_login(one_time)
    entered = {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN}
    assert client.post(FORM, entered).status_code == 302
    assert client.get("/admin/").status_code == 200
    body = {"user": one_time.usr_id, "password": OWN}
    assert anonymous_client.post("/api/auth/token", body, format="json").status_code == 200


def test_the_one_time_password_itself_is_no_new_one(one_time: User) -> None:
    with pytest.raises(ValidationError, match="choose another"):
        UsablePasswordValidator().validate(PASSWORD, one_time)


def test_changepassword_counts_as_well(one_time: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: OWN)
    call_command("changepassword", one_time.usr_id, verbosity=0)
    assert not must_change(one_time.usr_id)

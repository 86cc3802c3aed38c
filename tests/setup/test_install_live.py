"""Set-up through REST on a real server of two workers, with the document's five members among others."""

import re
import threading
import time
from collections.abc import Callable

import pytest

from tests.setup.installations import Answer, Installation, Names, RunningServer, mode_of

NOT_INSTALLED = {
    "status": "failed",
    "message": "Liberty API is not installed yet: open /setup in a browser, or run `manage.py install`.",
}
CONSOLE_ONLY = (
    "Installation successful. The one-time password of user `admin` is shown on the server's console only."
)
ADMIN_PASSWORD = "ada's password"


def done(message: str) -> dict[str, object]:
    return {"items": [], "status": "success", "count": 0, "message": message}


def until(condition: Callable[[], bool]) -> None:
    """Wait for what is to come true, a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_ready_everywhere(server: RunningServer) -> bool:
    """Whether the workers are ready: forty answers of either."""
    return all(server.call("/health?ready=1").status == 200 for _ in range(40))


def test_the_documented_request_installs_and_every_worker_uses_it(
    installation: Installation, names: Names
) -> None:
    names.make()
    with installation.serving() as server:
        before = [server.call(path) for path in ("/", "/admin/", "/api/db/check", "/health?ready=1")]
        assert [answer.status for answer in before] == [302, 302, 503, 503]
        assert [answer.headers["location"] for answer in before[:2]] == ["/setup", "/setup"]
        assert (before[2].body, before[2].headers["retry-after"]) == (NOT_INSTALLED, "30")
        assert before[2].headers["content-type"] == "application/json"
        assert [server.call(path).status for path in ("/setup", "/api", "/api/schema")] == [200, 200, 200]
        assert mode_of(installation.folder / "setup_token") == 0o600

        token = server.token
        answer = server.call("/api/setup/install", names.members, token=token)
        assert (answer.status, answer.body) == (200, done(CONSOLE_ONLY))

        until(lambda: is_ready_everywhere(server))
        assert mode_of(installation.configuration) == 0o600
        assert names.password not in installation.configuration.read_text()
        assert not (installation.folder / "setup_token").exists()
        # Its token is nobody's from now on.
        assert server.call("/api/setup/install", names.members, token=token).status == 401
        shown = re.findall(r"one-time password (\w+)", server.console.read_text())
        assert len(shown) == 1
        refused = server.call("/api/auth/token", {"user": "admin", "password": shown[0]})
        assert refused.status == 403
        assert "must be changed" in refused.body["message"]
        assert "is installed already" in server.call("/setup").body
        assert names.password not in server.console.read_text()
    # A restart goes on with it.
    with installation.serving(workers=1) as server:
        assert server.call("/health?ready=1").body == {"status": "success", "message": "ready"}


def test_role_and_database_are_made_and_the_administrator_has_the_password_of_the_body(
    installation: Installation, names: Names
) -> None:
    with installation.serving() as server:
        wish = names.members | names.maintenance | {"admin_password": ADMIN_PASSWORD}
        answer = server.call("/api/setup/install", wish, token=server.token)
        assert (answer.status, answer.body) == (
            200,
            done("Installation successful. Sign in as user `admin`."),
        )
        until(lambda: is_ready_everywhere(server))
        token = server.sign_in("admin", ADMIN_PASSWORD)
        applications = server.call("/api/fmw/applications").body["items"]
        assert [(row["APPS_NAME"], row["APPS_POOL"]) for row in applications] == [("LIBERTY", "default")]

        # Repeated for the same target, whatever else it says.
        again = server.call("/api/setup/install", names.members | {"password": "other"}, token=token)
        assert (again.status, again.body) == (
            200,
            done("This database is installed already; nothing was changed."),
        )
        other = server.call("/api/setup/install", names.members | {"database": "other"}, token=token)
        assert (other.status, other.body) == (
            409,
            {
                "status": "failed",
                "message": "Another framework database is in use. `manage.py install --from-current` moves an"
                " embedded one to PostgreSQL.",
            },
        )
        assert server.sign_in("admin", ADMIN_PASSWORD)


def test_of_two_at_once_one_installs(installation: Installation, names: Names) -> None:
    names.make()
    answers: list[Answer] = []
    with installation.serving() as server:
        token = server.token

        def install() -> None:
            answers.append(server.call("/api/setup/install", names.members, token=token))

        threads = [threading.Thread(target=install) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses = sorted(answer.status for answer in answers)
        # Who comes after it is done has a token that is good no longer.
        assert statuses.count(200) >= 1
        assert set(statuses) <= {200, 401, 409}
        assert len(re.findall("one-time password", server.console.read_text())) == 1
        assert names.rows("SELECT count(*) FROM ly_users") == [(1,)]


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_token_nothing_is_asked_or_done(
    installation: Installation, names: Names, token: str
) -> None:
    names.make()
    with installation.serving(workers=1) as server:
        answer = server.call("/api/setup/install", names.members, token=token)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert names.tables() == set()


def test_wrong_tokens_are_throttled(installation: Installation) -> None:
    installation.environment["LIBERTY_SETUP_TOKEN"] = "of the operator"
    with installation.serving(workers=1) as server:
        calls = [server.call("/api/setup/install", {}, token=f"guess-{n}").status for n in range(12)]
        assert calls == [401] * 10 + [429] * 2
        assert server.call("/api/setup/install", {}, token="of the operator").status == 429

"""The pure parts of `make test-client`: reading calls, and comparing two recordings."""

from pathlib import Path
from typing import Any

import pytest

from scripts.client import recording
from scripts.client.browser import split_address
from scripts.client.compare import differences, request_of
from scripts.client.environment import Missing, find_python
from scripts.client.recording import Call, Step


def call(answer: Any, *, path: str = "/api/db/query", status: int = 200, **arguments: str) -> Call:
    return Call("GET", path, {"query": "1", **arguments}, None, status, answer)


def step(*calls: Call, **parts: Any) -> Step:
    return Step("grid", list(calls), **parts)


def told(original: Step, ours: Step) -> list[str]:
    return [str(difference) for difference in differences([original], [ours])]


# Addresses


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("query=1&q=%7B%22A%22:%22b%22%7D", {"query": "1", "q": '{"A":"b"}'}),
        ('q={"A":{"=":"b & c"}}&language=en', {"q": '{"A":{"=":"b & c"}}', "language": "en"}),
        ("", {}),
    ],
    ids=["escaped", "an ampersand in a value", "none"],
)
def test_arguments_are_read_as_the_client_writes_them(query: str, arguments: dict[str, str]) -> None:
    assert split_address(f"http://site/api/db/query?{query}", "http://site") == ("/api/db/query", arguments)


def test_another_site_keeps_its_name() -> None:
    assert split_address("http://other/a?b=1", "http://site") == ("http://other/a", {"b": "1"})


# Refusals


@pytest.mark.parametrize(
    ("status", "answer", "is_refused"),
    [
        (200, {"status": "success"}, False),
        (200, {"status": "error"}, True),
        (500, {"status": "failed"}, True),
        (0, "net::ERR_CONNECTION_REFUSED", True),
        (200, [], False),
    ],
    ids=["success", "error", "status", "no answer", "a list"],
)
def test_refused_is_what_the_client_takes_so(status: int, answer: Any, is_refused: bool) -> None:
    assert call(answer, status=status).is_refused is is_refused


# Comparing


def test_equal_recordings_have_no_differences() -> None:
    answer = {"items": [{"A": 1}], "status": "success"}
    assert told(step(call(answer)), step(call(answer), call(answer))) == []


def test_members_besides_are_allowed() -> None:
    original = call({"items": [{"A": 1}], "count": 1})
    assert told(step(original), step(call({"items": [{"A": 1, "B": 2}], "count": 1, "rowCount": 1}))) == []


@pytest.mark.parametrize(
    ("original", "ours", "text"),
    [
        ([{"A": 1}], [{"A": 2}], "items[0].A is 2 in place of 1"),
        ([{"A": 1}], [{"A": True}], "items[0].A is true in place of 1"),
        ([{"A": None}], [{}], "items[0].A is missing"),
        ([{"A": 1}], [], "items has 0 in place of 1"),
        ([{"ROW_ID": 1, "A": 1}, {"ROW_ID": 2, "A": 2}], [{"ROW_ID": 1, "A": 2}, {"ROW_ID": 2, "A": 1}],
         "items is in another order"),
    ],
    ids=["value", "type", "member", "number", "order"],
)  # fmt: skip
def test_other_rows_are_told(original: Any, ours: Any, text: str) -> None:
    assert told(step(call({"items": original})), step(call({"items": ours}))) == [
        f"grid: GET /api/db/query query=1: {text}"
    ]


def test_order_counts_only_where_the_original_has_one() -> None:
    path = "/api/fmw/modules"
    original, ours = ({"items": [{"A": first}, {"A": 3 - first}]} for first in (1, 2))
    assert told(step(call(original, path=path)), step(call(ours, path=path))) == []


def test_secrets_and_times_are_not_compared() -> None:
    original = {
        "USR_PASSWORD": "ENC:abc",
        "USR_AUDIT_DATE": "2025-01-01T00:00:00",
        "token": {"access_token": "a"},
    }
    ours = {
        "USR_PASSWORD": "ENC:***",
        "USR_AUDIT_DATE": "2025-01-02T00:00:00",
        "token": {"access_token": "b"},
    }
    assert told(step(call({"items": [original]})), step(call({"items": [ours]}))) == []
    assert told(step(call({"items": [original]})), step(call({"items": [{**ours, "USR_PASSWORD": ""}]}))) == [
        'grid: GET /api/db/query query=1: items[0].USR_PASSWORD is "" in place of "a secret"'
    ]


def test_a_request_is_the_same_at_another_time() -> None:
    first, second = (call({}, params=f'{{"DATE":"2025-01-0{day}T10:11:12.345Z"}}') for day in (1, 2))
    assert request_of(first) == request_of(second)


def test_secrets_are_known_by_how_they_begin() -> None:
    first, second = (
        Call("POST", "/api/rest", {}, {"PASSWD": text}, 200, {}) for text in ("ENC:a", "ENC:***")
    )
    assert request_of(first) == request_of(second)


def test_what_is_read_while_something_is_written_is_not_compared() -> None:
    read, write = call({"items": [1]}), Call("DELETE", "/api/db/query", {}, {"A": 1}, 200, {})
    assert told(step(write, read), step(call({"items": []}), write)) == []
    assert told(step(write, read), step(write, call({"items": []}))) == [
        "grid: GET /api/db/query query=1: items has 0 in place of 1"
    ]


def test_what_is_asked_for_on_one_side_alone_is_told() -> None:
    assert told(step(call({}, offset="0")), step(call({}, offset="1"))) == [
        "grid: not asked for: GET /api/db/query offset=0&query=1",
        "grid: asked for besides: GET /api/db/query offset=1&query=1",
    ]


def test_a_refusal_of_ours_alone_is_told() -> None:
    refusal = {"status": "error", "items": [{"message": "no"}]}
    assert told(step(call({"status": "success"})), step(call(refusal))) == [
        'grid: GET /api/db/query query=1: refused: 200 {"status": "error", "items": [{"message": "no"}]}'
    ]
    assert told(step(call(refusal)), step(call({**refusal, "items": []}))) == []


def test_an_answer_where_the_original_refuses_is_told() -> None:
    assert told(step(call({"status": "error"})), step(call({"status": "success"}))) == [
        "grid: GET /api/db/query query=1: answered, where the original refuses"
    ]


def test_events_of_a_socket_are_compared_without_their_numbers() -> None:
    def socket(*frames: str) -> Step:
        return step(
            Call("WEBSOCKET", "/socket.io/", {}, None, 101, ["<0{}", ">40{}", '<40{"sid":"x"}', *frames])
        )

    first = socket('>420["reserve","A|1"]', '<430[{"status":"OK"}]')
    assert told(first, socket("<2", ">3", '>425["reserve","A|1"]', '<435[{"status":"OK"}]')) == []
    assert told(first, socket('>420["reserve","A|1"]')) == [
        "grid: WEBSOCKET /socket.io/: events has 1 in place of 2"
    ]


def test_what_is_shown_and_said_is_compared() -> None:
    original = step(shown={"menus": ["A", "B"], "said": []}, messages=["error: theirs"])
    ours = step(shown={"menus": ["A", "C"], "said": []}, messages=["error: theirs", "error: ours"])
    assert told(original, ours) == [
        'grid: shown: .menus[1] is "C" in place of "B"',
        "grid: console: error: ours",
    ]


def test_steps_that_fail_are_told() -> None:
    assert told(step(failure="gone"), step(failure="lost")) == [
        "grid: the original fails: gone",
        "grid: failure: lost",
    ]


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    steps = [step(call({"items": ["é"]}), messages=["error"], shown={"a": 1}, failure="f")]
    recording.write(steps, tmp_path / "steps.json")
    assert recording.read(tmp_path / "steps.json") == steps


# What it needs


def test_a_python_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON312", "/nowhere/python")
    with pytest.raises(Missing, match=r"PYTHON312=/nowhere/python is no Python 3\.12 that runs"):
        find_python()


def test_a_missing_python_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHON312", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(Missing, match="make test-client PYTHON312=/path/to/python"):
        find_python()

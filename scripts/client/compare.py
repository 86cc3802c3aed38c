"""What differs between two recordings of the same drive. Pure: recordings in, lines out."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.client.recording import Call, Step

# Values that cannot be equal: secrets, and what says when something was done.
_SECRET = re.compile(r"PASSWORD|access_token|encrypted|plain_text", re.IGNORECASE)
_QUERY = "/api/db/query"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_EVENT = re.compile(r"([<>]4[23])\d*(\[.*)", re.DOTALL)
_TIME = re.compile(r"AUDIT_DATE$", re.IGNORECASE)
# Paths whose answers are not compared: what they hold are secrets, and texts that each server words itself.
_OWN_ANSWERS = ("/api/fmw/encrypt", "/api/logs")
# Calls whose rows the original does not put in order, and framework queries whose order leaves ties.
_WITHOUT_ORDER = ("/api/fmw/modules", "/api/fmw/themes")
_WITH_TIES = ("24",)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is otherwise on our server than on the original, in one step."""

    step: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.step}: {self.kind}: {self.text}"


# What is meant to be otherwise, by the start of its line, and why (docs/client.md).
EXPECTED: Mapping[str, str] = {
    "unknown user: shown: .said": "a refusal does not tell who has an account",
    "disabled user: shown: .said": "a refusal does not tell who has an account",
}


def is_expected(difference: Difference) -> bool:
    return str(difference).startswith(tuple(EXPECTED))


def differences(original: list[Step], ours: list[Step]) -> list[Difference]:
    """Compare step by step: what was done, shown, said in the console, asked for and answered."""
    found: list[Difference] = []
    for theirs, mine in zip(original, ours, strict=True):
        found += _of_step(theirs, mine)
    return found


def _of_step(original: Step, ours: Step) -> Iterator[Difference]:
    def difference(kind: str, text: str) -> Difference:
        return Difference(original.name, kind, text)

    if original.failure:
        yield difference("the original fails", original.failure)
    if ours.failure:
        yield difference("failure", ours.failure)
    yield from (difference("shown", text) for text in _unlike(_plain(original.shown), _plain(ours.shown), ""))
    for message in sorted(set(ours.messages) - set(original.messages)):
        yield difference("console", message)
    theirs, mine = _by_request(original.calls), _by_request(ours.calls)
    for request in sorted(theirs.keys() - mine.keys()):
        # The client reports what the original refuses, its audit call for one.
        if theirs[request].path != "/api/logs":
            yield difference("not asked for", request)
    for request in sorted(mine.keys() - theirs.keys()):
        yield difference("asked for besides", request)
    racing = _after_writes(original.calls) ^ _after_writes(ours.calls)
    for request in sorted((theirs.keys() & mine.keys()) - racing):
        yield from (difference(request, text) for text in _of_call(theirs[request], mine[request]))


def _after_writes(calls: list[Call]) -> set[str]:
    """Return the requests that were answered after the last stored write of a step.

    The client sends a DELETE and reads the grid anew at once: which of the two comes first is chance, and
    what it shows in the end is compared.
    """
    writes = [place for place, call in enumerate(calls) if call.method != "GET" and call.path == _QUERY]
    return {request_of(call) for call in calls[writes[-1] + 1 :]} if writes else set()


def _by_request(calls: list[Call]) -> dict[str, Call]:
    """Return the last call of each request: the client repeats some, and how often depends on their pace."""
    return {request_of(call): call for call in calls}


def request_of(call: Call) -> str:
    arguments = "&".join(
        f"{name}={_MOMENT.sub('NOW', value)}" for name, value in sorted(call.arguments.items())
    )
    body = json.dumps(_plain(call.body), sort_keys=True, ensure_ascii=False) if call.body else ""
    body = _MOMENT.sub("NOW", body)
    return " ".join(part for part in (call.method, call.path, arguments, body) if part)


def _of_call(original: Call, ours: Call) -> Iterator[str]:
    if ours.is_refused and not original.is_refused:
        yield f"refused: {ours.status} {json.dumps(ours.answer, ensure_ascii=False)[:300]}"
        return
    if original.is_refused:
        if not ours.is_refused and not original.path.startswith("/api/db/audit/"):
            yield "answered, where the original refuses"
        return
    if original.method == "WEBSOCKET":
        yield from _unlike(_events(original), _events(ours), "events")
    if original.path.startswith(_OWN_ANSWERS) or not isinstance(original.answer, dict):
        return
    answer = ours.answer if isinstance(ours.answer, dict) else {}
    # We may have members besides; what the original sends is there, and is the same.
    for name in original.answer:
        if not (name == "items" and _is_unordered(original, answer)):
            yield from _unlike(_masked(name, original.answer[name]), _masked(name, answer.get(name)), name)


def _events(call: Call) -> list[str]:
    """Return the events that the client sends on a socket and their answers, without the numbers they go by.

    Answers come when they come: all are sorted.

    `>420["reserve",...]` is an event, `<430[...]` its answer (Socket.IO protocol 5 in Engine.IO 4).
    """
    matches = (_EVENT.match(frame) for frame in call.answer or [])
    return sorted(f"{match.group(1)}{match.group(2)}" for match in matches if match)


def _is_unordered(original: Call, answer: dict[str, Any]) -> bool:
    """Tell whether the rows are the same in another order, where the original leaves it to its database."""
    is_framework = original.arguments.get("source") == "framework"
    if (is_framework and original.arguments.get("query") in _WITH_TIES) or original.path in _WITHOUT_ORDER:
        return _sorted(original.answer["items"]) == _sorted(answer.get("items", []))
    return False


def _unlike(original: Any, ours: Any, place: str) -> Iterator[str]:
    """Yield where two values differ. Objects of ours may have more members, at any depth."""
    if isinstance(original, dict) and isinstance(ours, dict):
        for name, value in original.items():
            if name not in ours:
                yield f"{place}.{name} is missing"
            else:
                yield from _unlike(value, ours[name], f"{place}.{name}")
    elif isinstance(original, list) and isinstance(ours, list):
        if len(original) != len(ours):
            yield f"{place} has {len(ours)} in place of {len(original)}"
        elif original != ours and _sorted(original) == _sorted(ours):
            yield f"{place} is in another order"
        else:
            for position, (theirs, mine) in enumerate(zip(original, ours, strict=True)):
                yield from _unlike(theirs, mine, f"{place}[{position}]")
    elif place.endswith(".type") and original == "UNKNOWN":
        return  # the original takes types from the first row; a null there tells it nothing
    elif original != ours or isinstance(original, bool) != isinstance(ours, bool):
        yield f"{place} is {_short(ours)} in place of {_short(original)}"


def _sorted(values: list[Any]) -> list[str]:
    rows = [
        {name: value for name, value in row.items() if name != "ROW_ID"} if isinstance(row, dict) else row
        for row in values
    ]
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:120]}..."


def _plain(value: Any) -> Any:
    """Return a value without what cannot be equal."""
    if isinstance(value, dict):
        return {name: _masked(name, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return "a secret" if isinstance(value, str) and value.startswith("ENC:") else value


def _masked(name: str, value: Any) -> Any:
    if isinstance(value, str) and _SECRET.search(name):
        return "a secret" if value else ""
    if isinstance(value, str) and _TIME.search(name):
        return "a time"
    return _plain(value)

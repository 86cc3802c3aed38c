"""The status that a request ended with, where the answer does not show it."""

from django.http.response import HttpResponseBase

_MEMBER = "liberty_outcome"


def note_outcome(response: HttpResponseBase, status: int) -> None:
    """Keep the documented status of a failure with an answer that has another one for its caller's sake."""
    setattr(response, _MEMBER, status)


def outcome_of(response: HttpResponseBase) -> int:
    """Return the documented status of an answer: what a log tells, and a caller inside the server acts on."""
    status: int = getattr(response, _MEMBER, response.status_code)
    return status

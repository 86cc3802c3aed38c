"""Reading request bodies."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from liberty.api.json_text import parse_json
from liberty.errors import MalformedRequest

UNREADABLE_BODY = "Invalid JSON format in request body."


class ExactJSONParser(BaseParser):
    """Every body is JSON, whatever its Content-Type says, and keeps all digits of its numbers.

    An empty body parses to None, which is no JSON value that a caller can send as an object. A view takes
    less than the setting DATA_UPLOAD_MAX_MEMORY_SIZE by an attribute or a property `max_body_bytes`; a body
    that is larger is refused before it is in memory. Raises RequestDataTooBig, MalformedRequest.
    """

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = _bounded(stream, _most_bytes(parser_context or {}))
        if not body.strip():
            return None
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise MalformedRequest(UNREADABLE_BODY) from exc
        return parse_json(text, failure=UNREADABLE_BODY)


def _most_bytes(context: Mapping[str, Any]) -> int:
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return min(most, getattr(context.get("view"), "max_body_bytes", most))


def _bounded(stream: IO[Any], most: int) -> bytes:
    """Return what is in `stream`, which is a request, or text in memory where Django has read it before."""
    announced: str = getattr(stream, "META", {}).get("CONTENT_LENGTH") or ""
    if announced.isdecimal() and int(announced[:20]) > most:
        raise RequestDataTooBig
    # A server that passes a body on in pieces need not announce its length.
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise RequestDataTooBig
    return body

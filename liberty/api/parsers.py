"""Reading request bodies."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from liberty.api.json_text import parse_json
from liberty.errors import MalformedRequest

UNREADABLE_BODY = "Invalid JSON format in request body."


class ExactJSONParser(BaseParser):
    """Every body is JSON, whatever its Content-Type says, and keeps all digits of its numbers.

    An empty body parses to None, which is no JSON value that a caller can send as an object.
    """

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        # `body` and not the stream: Django checks DATA_UPLOAD_MAX_MEMORY_SIZE there.
        body: bytes = stream.body if hasattr(stream, "body") else stream.read()
        if not body.strip():
            return None
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise MalformedRequest(UNREADABLE_BODY) from exc
        return parse_json(text, failure=UNREADABLE_BODY)


class SmallJSONParser(ExactJSONParser):
    """For calls that nobody has proven himself for yet: a large body is refused before it is read."""

    max_bytes = 64 * 1024

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises RequestDataTooBig for a body over `max_bytes`."""
        length = str(getattr(stream, "META", {}).get("CONTENT_LENGTH", ""))
        if length.isdigit() and int(length) > self.max_bytes:
            raise RequestDataTooBig
        return super().parse(stream, media_type, parser_context)

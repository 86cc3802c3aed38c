"""Writing answers."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from liberty.api.json_text import dump


class OrjsonRenderer(BaseRenderer):
    """JSON with exact numbers; the only format of the API so far."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else dump(data)

"""Failures as pages, with the statuses of the API, for addresses that people open in a browser."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from liberty.api.exception_handler import mark
from liberty.errors import LibertyError


class FailurePages:
    """Makes a view show the failures that it raises with its `failure_template`."""

    failure_template = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        view: Any = super()
        try:
            response: HttpResponseBase = view.dispatch(request, *args, **kwargs)
        except LibertyError as exc:
            return self._failure(request, exc)
        return response

    def failure_context(self, request: HttpRequest, exc: LibertyError) -> dict[str, Any]:
        return {"message": exc.message}

    def _failure(self, request: HttpRequest, exc: LibertyError) -> HttpResponseBase:
        context = self.failure_context(request, exc)
        response = render(request, self.failure_template, context)
        mark(response, exc)
        return response

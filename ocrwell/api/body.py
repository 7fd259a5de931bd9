"""The body of a request as it comes in, and what it may be."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NoReturn, cast

from django.conf import settings
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from rest_framework.request import Request

from ocrwell.errors import BadRequest, FileTooLarge
from ocrwell.line import Line

CHUNK = 64 * 1024
DRAIN_BYTES = 64 * 1024 * 1024
_decoder = json.JSONDecoder()
_space = re.compile(r"[ \t\n\r]*")


class Body:
    """Raises BadRequest when the body ends too early or takes too long."""

    def __init__(self, request: Request) -> None:
        # Django reads by Content-Length; the server below it knows the end of chunks.
        chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        self._stream = request.META["wsgi.input"] if chunked else request._request  # noqa: SLF001
        line = request.META.get("gunicorn.socket")
        self._line = line if isinstance(line, Line) else None
        self.text = ""
        self._left = None if chunked else int(request.META.get("CONTENT_LENGTH") or 0)

    def __iter__(self) -> Iterator[bytes]:
        """A file, over a line that may be slow."""
        return self._within(settings.UPLOAD_TIME)

    def json(self, max_bytes: int, *, optional: bool = False) -> dict[str, Any]:
        """The JSON object in UTF-8 that this is, whatever the request's headers say; where it is
        optional, an empty body is an empty object.
        """
        content = b""
        for chunk in self._within(settings.BODY_TIME):
            content += chunk
            if len(content) > max_bytes:
                raise FileTooLarge(f"The request body exceeds {max_bytes // 2**10} KB.")
        try:
            self.text = content.decode("utf-8-sig")
            if optional and not self.text.strip():
                return {}
            found = json.loads(self.text, parse_constant=_refuse)
        except UnicodeDecodeError as error:
            raise BadRequest("The body must be JSON in UTF-8.") from error
        except ValueError as error:
            raise BadRequest(_advice(self.text, error)) from error
        except RecursionError as error:
            raise BadRequest("The body is not valid JSON: it is nested too deeply.") from error
        if not isinstance(found, dict):
            raise BadRequest("The body must be a JSON object.")
        return found

    def member(self, name: str) -> str:
        """The text of a member of the object that ``json`` returned, just as it was sent."""
        found, at = "", _skip(self.text, self.text.index("{") + 1)
        while self.text[at] != "}":
            key, at = _decoder.raw_decode(self.text, at)
            start = _skip(self.text, _skip(self.text, at) + 1)  # behind the colon
            _, end = _decoder.raw_decode(self.text, start)
            found = self.text[start:end] if key == name else found
            at = _skip(self.text, end)
            at = _skip(self.text, at + 1) if self.text[at] == "," else at
        return found

    def drain(self) -> None:
        """Read what is left: a client that is still sending would see a broken connection
        instead of the answer. It gets little time for it.
        """
        if self._line:
            self._line.hurry(settings.DRAIN_TIME.total_seconds())
        seen = 0
        with contextlib.suppress(BadRequest):
            for chunk in iter(self._read, b""):
                seen += len(chunk)
                if seen > DRAIN_BYTES:
                    break
            else:
                return
        if self._line:
            self._line.give_up()

    def _within(self, time: timedelta) -> Iterator[bytes]:
        if self._line:
            self._line.allow(time.total_seconds())
        return iter(self._read, b"")

    def _read(self) -> bytes:
        try:
            chunk = cast(bytes, self._stream.read(CHUNK))
        except (OSError, ParseException) as error:
            if isinstance(error.__cause__ or error, TimeoutError):
                raise BadRequest("The request took too long. Send it again.") from error
            raise BadRequest("The request broke off. Send it again.") from error
        if self._left is not None:
            self._left -= len(chunk)
            # The server below does not tell a closed connection from the end of the body.
            if self._left and not chunk:
                raise BadRequest("The request broke off. Send it again.")
        return chunk


def _skip(text: str, at: int) -> int:
    """The next place that is no white space."""
    return cast(re.Match[str], _space.match(text, at)).end()


def _advice(text: str, error: ValueError) -> str:
    if not text.strip():
        return "The body is empty. Send a JSON object."
    if not isinstance(error, json.JSONDecodeError) and "digits" in str(error):
        return "The body holds a number of more than 4300 digits."
    return f"The body is not valid JSON: {error}."


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")

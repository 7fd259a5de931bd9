"""The body of a request as it comes in, and what it may be."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn, cast

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from rest_framework.request import Request

from ocrwell.errors import BadRequest, FileTooLarge

CHUNK = 64 * 1024
DRAIN_BYTES = 64 * 1024 * 1024
_decoder = json.JSONDecoder()
_space = re.compile(r"[ \t\n\r]*")


class Body:
    """Raises BadRequest when the body ends too early."""

    def __init__(self, request: Request) -> None:
        # Django reads by Content-Length; the server below it knows the end of chunks.
        chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        self._stream = request.META["wsgi.input"] if chunked else request._request  # noqa: SLF001
        self.text = ""
        self._left = None if chunked else int(request.META.get("CONTENT_LENGTH") or 0)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._read, b"")

    def json(self, max_bytes: int) -> dict[str, Any]:
        """The JSON object in UTF-8 that this is, whatever the request's headers say."""
        content = b""
        for chunk in self:
            content += chunk
            if len(content) > max_bytes:
                raise FileTooLarge(f"The request body exceeds {max_bytes // 2**20} MB.")
        try:
            self.text = content.decode("utf-8-sig")
            found = json.loads(self.text, parse_constant=_refuse)
        except ValueError as error:
            raise BadRequest(f"The body is not valid JSON: {error}.") from error
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
        instead of the answer.
        """
        seen = 0
        with contextlib.suppress(BadRequest):
            for chunk in self:
                seen += len(chunk)
                if seen > DRAIN_BYTES:
                    return

    def _read(self) -> bytes:
        try:
            chunk = cast(bytes, self._stream.read(CHUNK))
        except (OSError, ParseException) as error:
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


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")

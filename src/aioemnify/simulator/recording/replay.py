"""Send a recorded journal to another installation and report how the responses differ."""

from __future__ import annotations

import http.client
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec
from attrs import define, field, frozen

from aioemnify.simulator.platform.loopback import is_loopback
from aioemnify.simulator.recording.export import quoted
from aioemnify.simulator.recording.json_shape import differences, shape_of
from aioemnify.simulator.recording.redaction import MASK

LOGIN = "/api/v1/authenticate"
_TRIES = 5
_LONGEST_WAIT = 60.0
_LARGEST = 64 * 1024 * 1024


@frozen(kw_only=True)
class Recorded:
    """One recorded request and its response."""

    method: str
    target: str
    body: bytes | None
    status: int | None
    answer: Any
    spoiled: str | None

    @property
    def title(self) -> str:
        """Return method and target."""
        return f"{self.method} {self.target}"


@frozen
class Received:
    """A response of the other installation."""

    status: int
    headers: Mapping[str, str]
    body: Any


@define
class Report:
    """The result of a replay."""

    replayed: int = 0
    skipped: Counter[str] = field(factory=Counter)
    differing: list[tuple[str, list[str]]] = field(factory=list)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        lines = [f"{title}\n    {what}" for title, found in self.differing for what in found]
        skipped = ", ".join(f"{count} {reason}" for reason, count in sorted(self.skipped.items()))
        total = sum(self.skipped.values())
        lines.append(
            f"{self.replayed} replayed, {len(self.differing)} differ, {total} skipped"
            + (f" ({skipped})" if skipped else "")
        )
        return lines


def read_recording(path: str | Path) -> list[Recorded]:
    """Read a journal: JSON lines of the simulator, or an HTTP archive of any tool.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is neither.
    """
    content = Path(path).read_bytes()
    try:
        try:
            lines = msgspec.json.Decoder().decode_lines(content)
        except msgspec.DecodeError:  # an archive with line breaks
            lines = [msgspec.json.decode(content)]
        if len(lines) == 1 and "log" in lines[0]:
            return [_of_archive(entry) for entry in lines[0]["log"]["entries"]]
        return [_of_line(line) for line in lines]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(f"{path} is not a journal in JSON lines or an HTTP archive (HAR)") from None


class Replayer:
    """Send recorded requests one after the other.

    Args:
        base_url: URL of the other installation; plain HTTP is accepted for this machine only.
        application_token: token to log in with.
        ca_file: certificate authorities to trust instead of the system's.
        writes: also send requests that may change something.
        rate: most requests per second, 0 for no limit.
        timeout: seconds to wait for a response.
        sleep: waits for seconds.

    Raises:
        ValueError: the URL cannot be used.
        OSError: ``ca_file`` cannot be read.
    """

    def __init__(
        self,
        base_url: str,
        *,
        application_token: str,
        ca_file: str | None = None,
        writes: bool = False,
        rate: float = 5.0,
        timeout: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = _checked_base(base_url)
        self._secret = application_token
        self._writes = writes
        self._pause = 1 / rate if rate else 0.0
        self._sleep = sleep
        host, port = self._base.hostname or "", self._base.port
        self._connection: http.client.HTTPConnection
        if self._base.scheme == "https":
            try:
                context = ssl.create_default_context(cafile=ca_file)
            except OSError as error:
                raise OSError(error.errno, error.strerror or str(error), ca_file) from None
            self._connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
        else:
            self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self._token: str | None = None

    def run(self, recording: Iterable[Recorded]) -> Report:
        """Replay a recording.

        Raises:
            OSError: the installation cannot be reached.
            ValueError: it refuses the token, or does not respond with HTTP.
        """
        report = Report()
        try:
            for recorded in recording:
                reason = self._skip(recorded)
                if reason is not None:
                    report.skipped[reason] += 1
                    continue
                received = self._exchange(recorded)
                report.replayed += 1
                found = list(_compare(recorded, received))
                if found:
                    report.differing.append((recorded.title, found))
        except http.client.HTTPException as error:
            raise ValueError(f"{self._base.netloc} does not answer as HTTP: {error!r}") from None
        except ssl.SSLCertVerificationError as error:
            raise ValueError(
                f"the certificate of {self._base.netloc} is not trusted ({error.verify_message}); to trust "
                "another authority, pass ca_file (--ca-file)"
            ) from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise OSError(error.errno, f"cannot reach {self._base.netloc}: {reason}") from None
        finally:
            self._connection.close()
        return report

    def _skip(self, recorded: Recorded) -> str | None:
        if recorded.spoiled is not None:
            return recorded.spoiled
        if recorded.target.partition("?")[0] == LOGIN:
            return "logins"
        if recorded.method != "GET" and not self._writes:
            return "writes"
        if recorded.status is None:
            return "without a response"
        if recorded.status == 429:
            return "refused by a limit"
        if recorded.status == 401:
            return "unauthorised"
        if MASK.encode() in (recorded.body or b"") or MASK in recorded.target:
            return "with masked secrets"
        return None

    def _exchange(self, recorded: Recorded) -> Received:
        if self._token is None:
            self._log_in()
        received = self._patiently(recorded)
        if received.status == 401:
            self._log_in()
            received = self._patiently(recorded)
        return received

    def _log_in(self) -> None:
        self._token = None
        body = msgspec.json.encode({"application_token": self._secret})
        received = self._send("POST", LOGIN, body)
        token = received.body.get("auth_token") if isinstance(received.body, dict) else None
        if received.status != 200 or not isinstance(token, str):
            raise ValueError(f"{self._base.netloc} refused the application token: {received.status}")
        self._token = token

    def _patiently(self, recorded: Recorded) -> Received:
        received = self._send(recorded.method, recorded.target, recorded.body)
        for _ in range(_TRIES):
            if received.status != 429:
                break
            hint = received.headers.get("retry-after", "")
            # In milliseconds, as the API documents.
            self._sleep(min(_LONGEST_WAIT, int(hint) / 1000 if hint.isdecimal() else 1.0))
            received = self._send(recorded.method, recorded.target, recorded.body)
        return received

    def _send(self, method: str, target: str, body: bytes | None) -> Received:
        if self._pause:
            self._sleep(self._pause)
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        path = f"{self._base.path.rstrip('/')}{target}"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if method != "GET":
                raise
            self._connection.close()  # the server closed an idle connection
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        content = answer.read(_LARGEST)
        received_headers = {name.lower(): value for name, value in answer.getheaders()}
        return Received(answer.status, received_headers, _decoded(content))


def _compare(recorded: Recorded, received: Received) -> Iterator[str]:
    if recorded.status != received.status:
        yield f"status: was {recorded.status}, is {received.status}"
    elif recorded.answer is not None:
        yield from differences(shape_of(recorded.answer), shape_of(received.body))


def _of_line(line: Mapping[str, Any]) -> Recorded:
    body, headers = line.get("request_body"), line.get("headers") or {}
    spoiled = "hit by a fault" if line.get("fault") else None
    if body is None and headers.get("content-length", "0") != "0":
        spoiled = spoiled or "with a body that was not recorded"
    return Recorded(
        method=str(line["method"]).upper(),
        target=quoted(str(line["path"])) + (f"?{line['query']}" if line.get("query") else ""),
        body=None if body is None else msgspec.json.encode(body),
        status=line.get("status"),
        answer=line.get("response_body"),
        spoiled=spoiled,
    )


def _of_archive(entry: Mapping[str, Any]) -> Recorded:
    request, response = entry["request"], entry["response"]
    parts = urlsplit(str(request["url"]))
    text = (request.get("postData") or {}).get("text")
    content = response.get("content") or {}
    spoiled = "hit by a fault" if entry.get("_fault") else None
    if not text and (request.get("bodySize") or 0) > 0:
        spoiled = spoiled or "with a body that was not recorded"
    return Recorded(
        method=str(request["method"]).upper(),
        target=quoted((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), kept="%?"),
        body=text.encode() if text else None,
        status=response["status"] or None,
        answer=_decoded(str(content.get("text") or "").encode()) if not content.get("encoding") else None,
        spoiled=spoiled,
    )


def _decoded(content: bytes) -> Any:
    if not content:
        return None
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return content.decode("utf-8", "replace")


def _checked_base(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} is not a URL: {error}") from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.username
        or port == 0
    ):
        raise ValueError(f"{text!r} is not the URL of an installation, such as https://127.0.0.1:8443")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("plain HTTP is accepted for this machine only; use https")
    return parts

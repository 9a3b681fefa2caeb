"""Error answers: the API's codes, its wording and the shape of its error bodies."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from attrs import field, frozen

_TOKENS: Mapping[int, str] = {
    1000: "BadRequest",
    1002: "Failed",
    1101: "InvalidCredentials",
    1102: "InvalidToken",
    1103: "TokenExpired",
    1104: "Forbidden",
    1105: "TooManyRequests",
    1201: "NotFound",
    1301: "InvalidQueryCriteria",
    1302: "InvalidSortCriteria",
    1400: "InputValidationFailed",
    1401: "InvalidReference",
    1402: "Required",
    1403: "InvalidFormat",
    1404: "OutOfRange",
    1405: "Duplicated",
    1406: "NotAllowed",
    1601: "Unavailable",
}

_LONGEST_MESSAGE = 500


@frozen
class Detail:
    """One entry of the ``errors`` list."""

    code: int
    message: str

    def body(self) -> dict[str, Any]:
        """Return the entry as it goes on the wire."""
        return {
            "error_code": self.code,
            "error_token": _TOKENS[self.code],
            "message": _shortened(self.message),
        }


class Problem(Exception):
    """A refusal, raised anywhere while a request is handled.

    Args:
        status: the HTTP status.
        code: the API's error code, or None for a body without one.
        message: the text for a human.
        errors: the list of single mistakes.
        headers: extra response headers.
        extra: extra members of the body.
        empty: send no body at all, as ``text/html``.
    """

    def __init__(
        self,
        status: int,
        code: int | None,
        message: str,
        *,
        errors: Sequence[Detail] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        empty: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors: tuple[Detail, ...] = tuple(errors)
        self.headers: dict[str, str] = dict(headers or {})
        self.extra: dict[str, Any] = dict(extra or {})
        self.empty = empty

    def body(self) -> dict[str, Any]:
        """Return the error body."""
        body: dict[str, Any] = {}
        if self.code is not None:
            body = {"error_code": self.code, "error_token": _TOKENS[self.code]}
        body["message"] = _shortened(self.message)
        if self.errors:
            body["errors"] = [detail.body() for detail in self.errors]
        return body | self.extra


def _shortened(message: str) -> str:
    """Return a message that does not repeat all of what was sent, however much that was."""
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}..."


@frozen
class Findings:
    """What is wrong with a body, gathered so that one answer names every mistake."""

    subject: str
    details: list[Detail] = field(factory=list)

    def required(self, name: str) -> None:
        """Note that a member is missing."""
        self.details.append(Detail(1402, f"{self.subject} - {name} is required"))

    def malformed(self, name: str, expected: str) -> None:
        """Note that a member has the wrong type or form."""
        message = f"{self.subject} - {name} has invalid format: Expecting {expected}"
        self.details.append(Detail(1403, message))

    def out_of_range(self, name: str) -> None:
        """Note that a member has a value outside what is allowed."""
        self.details.append(Detail(1404, f"{self.subject} - {name} out of range"))

    def dangling(self, resource: str, identity: object) -> None:
        """Note that a member points at nothing the caller can see."""
        self.details.append(Detail(1401, f"Invalid reference to {resource} with id {identity}"))

    def reference(self, resource: str, sent: Mapping[str, Any] | None, known: Container[int]) -> int | None:
        """Return the id of what a member points at; note it, and return None, when that is not there.

        Args:
            resource: what the member points at, as error texts name it.
            sent: the member, ``{"id": ...}``.
            known: the ids that are there.
        """
        identity = None if sent is None else sent.get("id")
        if isinstance(identity, int) and identity in known:
            return identity
        self.dangling(resource, identity)
        return None

    def check(self, **extra: Any) -> None:
        """Raise one 422 for all that was noted; do nothing when all is well."""
        if self.details:
            raise Problem(422, 1400, f"{self.subject} validation failed", errors=self.details, extra=extra)


def not_found(resource: str, identity: object) -> Problem:
    """Return the 404 of an object that is missing or belongs to somebody else."""
    return Problem(404, 1201, f"{resource} with id {identity} not found")


def no_such_path(path: str) -> Problem:
    """Return the 404 of a path that no operation has."""
    return Problem(404, 1201, f"No entrypoint at {path}")


def unauthorised(code: int, message: str) -> Problem:
    """Return a 401 with one of the codes 1101, 1102, 1103 or 1105."""
    return Problem(401, code, message, headers={"WWW-Authenticate": "Bearer"})


def forbidden(message: str = "Your role has no permission for this entrypoint") -> Problem:
    """Return the 403 of a valid token without the right."""
    return Problem(403, 1104, message)


def bad_request(message: str) -> Problem:
    """Return the 400 of a request that cannot be read."""
    return Problem(400, 1000, message)


def not_allowed(message: str) -> Problem:
    """Return the 409 of an operation that the object's state forbids."""
    return Problem(409, 1406, message)


def duplicated(message: str) -> Problem:
    """Return the 409 of something that is already assigned or listed."""
    return Problem(409, 1405, message)

"""The API's errors: codes, texts and the shape of error bodies."""

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
        """Return the entry as JSON values."""
        return {
            "error_code": self.code,
            "error_token": _TOKENS[self.code],
            "message": _shortened(self.message),
        }


class Problem(Exception):
    """An error response, raised anywhere while a request is handled.

    Args:
        status: the HTTP status.
        code: the API's error code, or None for a body without one.
        message: the text for users.
        errors: the list of single errors.
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
    """Return the message, cut so that it does not repeat a long request."""
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}..."


@frozen
class Findings:
    """The errors found in a body, collected so that one response names all of them.

    Attributes:
        subject: the kind of object that the texts name.
        details: the errors.
        updates_endpoint: word the errors as recorded for changes of an endpoint, not as documented.
    """

    subject: str
    details: list[Detail] = field(factory=list)
    updates_endpoint: bool = False

    def required(self, name: str) -> None:
        """Add the error that a member is missing."""
        self.details.append(Detail(1402, f"{self.subject} - {name} is required"))

    def malformed(self, name: str, expected: str) -> None:
        """Add the error that a member has the wrong type or format."""
        message = f"{self.subject} - {name} has invalid format: Expecting {expected}"
        self.details.append(Detail(1403, message))

    def out_of_range(self, name: str) -> None:
        """Add the error that a value is out of range."""
        self.details.append(Detail(1404, f"{self.subject} - {name} out of range"))

    def dangling(self, resource: str, identity: object) -> None:
        """Add the error that a member refers to nothing the caller can see."""
        text = f"Invalid reference to {resource} with id {identity}"
        if self.updates_endpoint:
            text = f"{resource} with Id '{identity}' not found."
        self.details.append(Detail(1401, text))

    def reference(self, resource: str, sent: Mapping[str, Any] | None, known: Container[int]) -> int | None:
        """Return the id that a member refers to; add an error and return None if it does not exist.

        Args:
            resource: what the member refers to, as error texts name it.
            sent: the member, ``{"id": ...}``.
            known: the ids that exist.
        """
        identity = None if sent is None else sent.get("id")
        if isinstance(identity, int) and identity in known:
            return identity
        self.dangling(resource, identity)
        return None

    def check(self, **extra: Any) -> None:
        """Raise one 422 with all errors; do nothing if there are none."""
        if self.details:
            text = f"{self.subject} validation failed"
            if self.updates_endpoint:
                text = "Update endpoint validation error"
            raise Problem(422, 1400, text, errors=self.details, extra=extra)


def not_found(resource: str, identity: object) -> Problem:
    """Return the 404 for an object that does not exist or belongs to another organisation."""
    return Problem(404, 1201, f"{resource} with id {identity} not found")


def no_such_path(path: str) -> Problem:
    """Return the 404 for a path that no operation has.

    Choice: a path with a slash at its end does not exist, and neither do calls that the specification of 2026
        has no more: the balance and USSD of an endpoint, the installation code of a SIM, the regions of Cloud
        Connect and version 1 of data streams.
    """
    return Problem(404, 1201, f"No entrypoint at {path}")


def unauthorised(code: int, message: str) -> Problem:
    """Return a 401 with one of the codes 1101, 1102, 1103 or 1105."""
    return Problem(401, code, message, headers={"WWW-Authenticate": "Bearer"})


def forbidden(message: str = "Your role has no permission for this entrypoint") -> Problem:
    """Return the 403 for a valid token without the permission."""
    return Problem(403, 1104, message)


def bad_request(message: str) -> Problem:
    """Return the 400 for a request that cannot be read."""
    return Problem(400, 1000, message)


def not_allowed(message: str) -> Problem:
    """Return the 409 for an operation that the object's state does not allow."""
    return Problem(409, 1406, message)


def duplicated(message: str) -> Problem:
    """Return the 409 for something that is already assigned or listed."""
    return Problem(409, 1405, message)

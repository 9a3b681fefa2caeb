"""The call that a handler gets, and the reply that it returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from aioemnify.operation import Operation
from aioemnify.simulator.answers.listing import quoted
from aioemnify.simulator.platform.errors import bad_request, not_found
from aioemnify.simulator.platform.tokens import Principal, TokenIssuer
from aioemnify.simulator.state.records.users import User
from aioemnify.simulator.state.world import Organisation, World

FoundT = TypeVar("FoundT")
_ID = re.compile(r"-?[0-9]{1,30}")


@frozen(kw_only=True)
class Reply:
    """A response. ``body`` is sent as JSON; None sends no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(factory=dict)


NO_CONTENT = Reply(status=204)
EMPTY_HTML = "text/html; charset=UTF-8"
"""The type of the empty body of some calls, as recorded."""


@frozen(kw_only=True)
class Call:
    """A request that passed limits, authentication and validation.

    Attributes:
        world: the state of the simulator.
        token_issuer: issues and verifies tokens.
        operation: the called operation.
        principal: the caller; None if no token is needed.
        args: path parameters as text.
        params: query parameters, the last value of each name.
        body: the decoded JSON body, None without one.
        origin: scheme and authority the caller used, for absolute URLs.
        path: the path of the request.
        address: the client's address.
    """

    world: World
    token_issuer: TokenIssuer
    operation: Operation
    principal: Principal | None
    args: Mapping[str, str]
    params: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)
    origin: str
    path: str
    address: str

    @property
    def now(self) -> float:
        """Return the present time in seconds since 1970."""
        return self.world.clock.wall()

    @property
    def organisation(self) -> Organisation:
        """Return the caller's organisation."""
        assert self.principal is not None
        return self.world.organisations[self.principal.organisation]

    @property
    def user(self) -> User | None:
        """Return the calling user, None for an application."""
        if self.principal is None or self.principal.user is None:
            return None
        return self.world.user(self.principal.user)

    @property
    def supporting(self) -> bool:
        """Return whether support acts as the calling user, limited to the organisation."""
        return self.principal is not None and self.principal.role is not None

    def number(self, name: str, resource: str) -> int:
        """Return a path parameter as an id.

        Raises:
            Problem: it is not a number; 404 or 400, depending on the settings.
        """
        text = self.args[name]
        if _ID.fullmatch(text):
            return int(text)
        if self.world.settings.malformed_id_status == 400:
            raise bad_request(f'Cannot parse parameter id as Long: For input string: "{text}"')
        raise not_found(resource, text)

    def find(self, name: str, resource: str, known: Mapping[int, FoundT]) -> FoundT:
        """Return the object that a path parameter names.

        Raises:
            Problem: 404, there is no object with this id.
        """
        identity = self.number(name, resource)
        if identity not in known:
            raise not_found(resource, identity)
        return known[identity]

    def created(
        self, path: str, body: Any = None, status: int = 201, *, content_type: str | None = None
    ) -> Reply:
        """Return the response to a creation: its location, and the object if the API sends it."""
        path = quoted(path)
        location = path if self.world.settings.relative_location else f"{self.origin}{path}"
        headers = {"Location": location} | ({"Content-Type": content_type} if content_type else {})
        return Reply(status=status, body=body, headers=headers)

    def record(self, kind: int, description: str, **members: Any) -> None:
        """Record an event of the caller's organisation; for calls of users with the user."""
        user = self.user
        if user is not None:
            members["user"] = user.ref
        self.world.record(self.organisation, kind, description, **members)


Handler = Callable[[Call], Reply]

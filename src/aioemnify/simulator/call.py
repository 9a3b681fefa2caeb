"""What a handler gets and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from aioemnify.operation import Operation
from aioemnify.simulator.problems import bad_request, not_found
from aioemnify.simulator.tokens import Principal, TokenMint
from aioemnify.simulator.world import Organisation, User, World

_ID = re.compile(r"-?[0-9]{1,30}")


@frozen(kw_only=True)
class Reply:
    """An answer. ``body`` is what becomes JSON; None sends no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(factory=dict)


NO_CONTENT = Reply(status=204)


@frozen(kw_only=True)
class Call:
    """One request that got through limits, authentication and validation.

    Attributes:
        world: the state.
        mint: issues and reads tokens.
        operation: what is called.
        principal: who calls; None where no token is needed.
        args: path parameters as text.
        params: query parameters, the last of each name.
        body: the decoded JSON body, None without one.
        origin: scheme and authority the caller used, for absolute URLs.
        path: the concrete path.
    """

    world: World
    mint: TokenMint
    operation: Operation
    principal: Principal | None
    args: Mapping[str, str]
    params: Mapping[str, str]
    body: Any
    origin: str
    path: str

    @property
    def organisation(self) -> Organisation:
        """Return the caller's tenant."""
        assert self.principal is not None
        return self.world.organisations[self.principal.organisation]

    @property
    def user(self) -> User | None:
        """Return the calling user, None for an application."""
        if self.principal is None or self.principal.user is None:
            return None
        return next((user for user in self.world.users.values() if user.id == self.principal.user), None)

    def number(self, name: str, resource: str) -> int:
        """Return a path parameter as an id.

        Raises:
            Problem: it is no number; 404 or 400, as the settings say.
        """
        text = self.args[name]
        if _ID.fullmatch(text):
            return int(text)
        if self.world.settings.malformed_id_status == 400:
            raise bad_request(f'Cannot parse parameter id as Long: For input string: "{text}"')
        raise not_found(resource, text)

    def created(self, path: str, body: Any = None, status: int = 201) -> Reply:
        """Return the answer to a creation: where the new object is, and the object if the API sends it."""
        location = path if self.world.settings.relative_location else f"{self.origin}{path}"
        return Reply(status=status, body=body, headers={"Location": location})

    def record(self, kind: int, description: str, **members: Any) -> None:
        """Write an event of the caller's tenant; calls of users carry the user."""
        user = self.user
        if user is not None:
            members["user"] = {"id": user.id, "name": user.name, "username": user.username}
        self.world.record(self.organisation, kind, description, **members)


Handler = Callable[[Call], Reply]

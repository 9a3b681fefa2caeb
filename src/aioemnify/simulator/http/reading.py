"""Read the API without its network side: no token, no limits, no faults, nothing in the journal."""

from __future__ import annotations

from functools import lru_cache

from starlette.datastructures import QueryParams

from aioemnify.operation import Operation
from aioemnify.simulator.api.by_schema import answer_by_schema
from aioemnify.simulator.api.call import Call, Reply
from aioemnify.simulator.api.deletions import handle
from aioemnify.simulator.api.handlers import HANDLERS
from aioemnify.simulator.http.router import Router
from aioemnify.simulator.lifecycle.advance import advance
from aioemnify.simulator.platform.errors import Problem, no_such_path
from aioemnify.simulator.platform.tokens import Principal
from aioemnify.simulator.state.installation import Installation
from aioemnify.tables.operations import OPERATIONS


@lru_cache(maxsize=1)
def _readable() -> Router[Operation]:
    return Router({each.path: each for each in OPERATIONS.values() if each.method == "GET" and each.auth})


def read(state: Installation, path: str, query: str, *, organisation: int, origin: str) -> Reply:
    """Return the reply to a GET by an application of an organisation. The caller holds the lock.

    Args:
        state: the installation.
        path: path of the API, such as ``/api/v1/sim``.
        query: raw query.
        organisation: id of an organisation that exists.
        origin: scheme and authority, for absolute URLs in the reply.
    """
    try:
        found = _readable().find(path)
        if found is None:
            raise no_such_path(path)
        operation, args = found
        principal = Principal(organisation=organisation)
        advance(state.world, state.world.organisations[organisation])
        call = Call(
            world=state.world,
            token_issuer=state.token_issuer,
            operation=operation,
            principal=principal,
            args=args,
            params=dict(QueryParams(query)),
            body=None,
            origin=origin,
            path=path,
            address="",
        )
        return handle(HANDLERS.get(operation.id, answer_by_schema), call)
    except Problem as problem:
        body = None if problem.empty else problem.body()
        return Reply(status=problem.status, body=body, headers=problem.headers)

"""A raw path is carried like the operation it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import Operation, Param
from aioemnify.transport.wire.router import Router

TABLE = (
    Operation("things.list", "GET", "/api/v1/thing"),
    Operation("things.get", "GET", "/api/v1/thing/{id}", (Param("id", "integer"),)),
    Operation("things.list_statuses", "GET", "/api/v1/thing/status"),
    Operation("things.create", "POST", "/api/v1/thing", retry="once", lane="thing", creates=True),
    Operation("auth.authenticate", "POST", "/api/v1/authenticate", retry="idempotent", auth=False),
)
ROUTER = Router(TABLE)


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", "/api/v1/thing", "things.list"),
        ("get", "/api/v1/thing/7", "things.get"),
        ("GET", "/api/v1/thing/status", "things.list_statuses"),
        ("POST", "/api/v1/thing", "things.create"),
        ("GET", "/api/v1/thing/7/part", "GET /api/v1/thing/7/part"),
        ("delete", "/api/v1/thing/7", "DELETE /api/v1/thing/7"),
        ("GET", "/api/v1/thingamajig", "GET /api/v1/thingamajig"),
    ],
)
def test_the_most_literal_operation_lends_its_name(method: str, path: str, known: str) -> None:
    operation = ROUTER.operation(method, path)
    assert (operation.id, operation.method, operation.path) == (known, method.upper(), path)


def test_class_lane_and_auth_are_kept() -> None:
    create = ROUTER.operation("POST", "/api/v1/thing")
    assert (create.retry, create.lane, create.auth) == ("once", "thing", True)
    log_in = ROUTER.operation("POST", "/api/v1/authenticate")
    assert (log_in.retry, log_in.lane, log_in.auth) == ("idempotent", None, False)


@pytest.mark.parametrize(
    ("method", "retry"),
    [
        ("GET", "safe"),
        ("PUT", "idempotent"),
        ("PATCH", "idempotent"),
        ("DELETE", "idempotent"),
        ("POST", "once"),
    ],
)
def test_an_unknown_path_gets_the_class_of_its_method(method: str, retry: str) -> None:
    operation = ROUTER.operation(method, "/api/v3/new")
    assert (operation.retry, operation.lane, operation.auth) == (retry, None, True)


@pytest.mark.parametrize("method", ["HEAD", "", "GET ", "FETCH"])
def test_other_methods_are_refused(method: str) -> None:
    with pytest.raises(ArgumentError, match="^method is one of GET, PUT, PATCH, DELETE, POST, not"):
        ROUTER.operation(method, "/api/v1/thing")


def test_the_method_is_text_and_the_path_is_checked() -> None:
    with pytest.raises(ArgumentTypeError, match="^method takes text, not NoneType$"):
        ROUTER.operation(None, "/api/v1/thing")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="path"):
        ROUTER.operation("GET", "/api/v1/../thing")


class Table(tuple[Operation, ...]):
    """A table that counts how often it is read."""

    read = 0

    def __iter__(self) -> Iterator[Operation]:
        self.read += 1
        return super().__iter__()


def test_paths_are_compiled_once_for_all_calls() -> None:
    table = Table(TABLE)
    router = Router(table)
    assert table.read == 0
    for number in range(9):
        assert router.operation("GET", f"/api/v1/thing/{number}").id == "things.get"
        assert router.operation("GET", f"/api/v1/other/{number}").id == f"GET /api/v1/other/{number}"
    assert table.read == 1


@pytest.mark.parametrize("path", ["/api/v1/%65ndpoint", "/api/v1/sim/%31", "/api/v1/a%2Db", "/api/v1/x%7ey"])
def test_a_path_that_hides_plain_letters_in_escapes_is_refused(path: str) -> None:
    with pytest.raises(ArgumentError, match="escapes characters that need no escape"):
        ROUTER.operation("GET", path)

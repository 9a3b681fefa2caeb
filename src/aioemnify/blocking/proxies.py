"""The asyncio classes as seen from blocking code: one generic proxy.

A proxy runs every method of its object in the portal. A result that has something to await gets a proxy, too:
groups of calls, lists, sweeps, jobs, iterators. All others, such as models and reports, are returned as they
are. So a method that the asyncio classes get exists here at once.
"""

from __future__ import annotations

import asyncio
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial, wraps
from importlib import import_module
from inspect import iscoroutinefunction, signature
from types import GenericAlias, TracebackType
from typing import Any, ClassVar, Self

from aioemnify.blocking.portal import Portal, in_thread, portal, running_portal
from aioemnify.errors import ClientStateError
from aioemnify.page_iterators import ItemIterator

# With __getattr__, methods are found when they are asked for.
_AWAITED = ("__await__", "__aiter__", "__anext__", "__aenter__", "__getattr__")

_END = object()


class _WithClassMethods(type):
    """Gives the class methods of the asyncio class."""

    _home: str

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_") or not cls._home:
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
        return getattr(_asyncio_class(cls._home), name)


class Blocking(metaclass=_WithClassMethods):
    """An object of the asyncio client, whose methods block until their result is there."""

    __slots__ = ("__weakref__", "_block", "_client", "_closed", "_items", "_object", "_used")

    _home: ClassVar[str] = ""
    """The asyncio class of those that are made by calling the class: module and name."""

    __class_getitem__: ClassVar[Any] = classmethod(GenericAlias)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        made = _asyncio_class(self._home)(*map(_plain, args), **_plain_all(kwargs))
        client = next((one for one in args if isinstance(one, Blocking)), None)
        self._set(made, client)

    def _set(self, made: Any, client: Blocking | None) -> None:
        self._object = made
        # The client that calls are made with; it is not closed while this is in use.
        self._client = client
        self._block: _Block | None = None
        # What came for a caller that Ctrl-C interrupted before it had it.
        self._items: deque[Any] = deque()
        self._used = self._closed = False

    def __copy__(self) -> Self:
        made = type(self).__new__(type(self))
        made._set(self._object, self._client or self)
        return made

    def __reduce__(self) -> Any:
        raise TypeError(f"{self!r} cannot be pickled: make a client in each process")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        value = getattr(self._object, name)
        if not callable(value) or isinstance(value, type):
            return self._wrapped(value)

        @wraps(value)
        def call(*args: Any, **kwargs: Any) -> Any:
            if any(map(callable, (*args, *kwargs.values()))):
                args, kwargs = _with_threads(value, args, kwargs)
            return self._wrapped(self._run(value, *map(_plain, args), **_plain_all(kwargs)))

        return call

    def __dir__(self) -> list[str]:
        there = {name for name in dir(self._object) if not name.startswith("_")} - {"aclose"}
        return sorted(there | set(super().__dir__()))

    def __repr__(self) -> str:
        return f"<blocking {self._object!r}>"

    def __iter__(self) -> Any:
        iterator = self._run(aiter, self._object)
        return self if iterator is self._object else self._wrapped(iterator)

    def __next__(self) -> Any:
        while True:
            with suppress(IndexError):  # also if another thread takes it
                item = self._items.popleft()
                break
            self._run(_next, self._object, self._items)
        if item is _END:
            raise StopIteration
        return self._wrapped(item)

    def __enter__(self) -> Any:
        block = _Block(self._object)
        value = self._run(block.enter)
        self._block = block
        return self if value is self._object else self._wrapped(value)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        block, self._block = self._block, None
        if block is None:
            raise ClientStateError("this block is not open: it was not entered, or has been left")
        if block.portal is not portal():
            raise ClientStateError("this block was entered in the parent process, which leaves it")
        left: bool | None = self._run(block.leave, kind, error, trace)
        return left

    def close(self) -> None:
        """Close it, where it has something to close."""
        if hasattr(self._object, "aclose"):
            self._run(self._object.aclose)

    def _run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        (self._client or self)._used = True
        return portal().call(function, *args, **kwargs)

    def _wrapped(self, value: Any) -> Any:
        if isinstance(value, ItemIterator):
            return _Items(self._wrapped(value.pages))
        of: Any = type(value)
        if not _has_something_to_await(of):
            return value
        kind = _CLASSES.get(of.__name__) or (Pages if hasattr(value, "__await__") else Blocking)
        made = kind.__new__(kind)
        made._set(value, self._client or self)
        return made


class Emnify(Blocking):
    """Call the API for one workspace, from blocking code: ``with Emnify(...) as emnify``.

    The arguments are those of ``aioemnify.Emnify``.
    """

    __slots__ = ()
    _home = "aioemnify.client:Emnify"

    def __enter__(self) -> Self:
        self._run(self._object.__aenter__)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. Waiting and later calls end with ``ClientStateError``."""
        self._run(self._object.aclose)
        self._closed = True

    def __del__(self) -> None:
        if getattr(self, "_used", False) and not self._closed and self._client is None:
            warnings.warn(
                f"unclosed {self!r}: use it as 'with Emnify(...) as emnify', or call close()",
                ResourceWarning,
                source=self,
                stacklevel=2,
            )
            here = running_portal()
            if here is not None:
                here.start(self._object.aclose())


class Job(Blocking):
    """Make one call for each of many items: ``with Job(emnify, "rename.job") as job``.

    The arguments are those of ``aioemnify.fleet.Job``, with a blocking client.
    """

    __slots__ = ()
    _home = "aioemnify.fleet:Job"


class Pages(Blocking):
    """A lazy list: ``.page()`` fetches one page, a ``for`` loop all items."""

    __slots__ = ()

    def page(self) -> Any:
        """Return one page, as ``await`` does in the asyncio client."""
        return self._wrapped(self._run(_awaited, self._object))


class PrefetchedPages(Blocking):
    """Pages that are fetched ahead: ``with emnify.sims.list().prefetch(4) as pages``."""

    __slots__ = ()


class Sweep(Blocking):
    """A whole list, read so that nothing is missed while it changes."""

    __slots__ = ()


_CLASSES: Mapping[str, type[Blocking]] = {one.__name__: one for one in Blocking.__subclasses__()}


class _Items(Iterator[Any]):
    """Iterate over the items of pages, with one switch between threads a page."""

    def __init__(self, pages: Iterator[Any]) -> None:
        self._pages = pages
        self._items: Iterator[Any] = iter(())

    def __next__(self) -> Any:
        while True:
            for item in self._items:
                return item
            self._items = iter(next(self._pages))


class _Block:
    """A block whose ends run in one task, as task groups require."""

    def __init__(self, manager: Any) -> None:
        self.portal: Portal = portal()
        self._manager = manager

    async def enter(self) -> Any:
        loop = asyncio.get_running_loop()
        self._left: asyncio.Future[tuple[Any, ...]] = loop.create_future()
        entered = loop.create_future()
        self._task = loop.create_task(self._hold(entered))
        try:
            await asyncio.wait((entered, self._task), return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            self._task.cancel()
            raise
        return entered.result() if entered.done() else self._task.result()

    async def _hold(self, entered: asyncio.Future[Any]) -> Any:
        entered.set_result(await self._manager.__aenter__())
        return await self._manager.__aexit__(*await self._left)

    async def leave(self, *error: Any) -> Any:
        self._left.set_result(error)
        return await self._task


def _asyncio_class(home: str) -> Any:
    module, _, name = home.partition(":")
    return getattr(import_module(module), name)


@cache
def _has_something_to_await(kind: type[Any]) -> bool:
    """Return whether a class is one of an asyncio interface; models and reports are not."""
    members = (getattr(kind, name, None) for name in dir(kind))
    return any(hasattr(kind, name) for name in _AWAITED) or any(map(iscoroutinefunction, members))


def _plain(argument: Any) -> Any:
    """Return an argument as the asyncio client takes it.

    Iterables are read here: those of a blocking client or a database belong to the thread of the caller.
    """
    if isinstance(argument, Blocking):
        return argument._object
    if isinstance(argument, Iterable) and not isinstance(argument, (str, bytes, bytearray, Mapping, type)):
        return list(argument)
    return argument


def _plain_all(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in arguments.items()}


def _with_threads(method: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any, Any]:
    """Let the functions that a method awaits run in a worker thread: they may call the blocking client."""
    given = signature(method).bind(*args, **kwargs)
    for name, value in given.arguments.items():
        awaited = "Awaitable[" in str(given.signature.parameters[name].annotation)
        if awaited and callable(value) and not iscoroutinefunction(value):
            given.arguments[name] = partial(in_thread, value)
    return given.args, given.kwargs


async def _next(iterator: AsyncIterator[Any], items: deque[Any]) -> None:
    items.append(await anext(iterator, _END))


async def _awaited(pages: Any) -> Any:
    return await pages

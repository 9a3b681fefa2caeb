# Generated from schema/resources/data_streams.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Data streams: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.data_streams import (
        DataStream,
        DataStreamCreate,
        DataStreamFilterField,
        DataStreamStatus,
        DataStreamType,
        DataStreamUpdate,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class DataStreams:
    """Data streams."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: DataStreamCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Create a data stream.

        A stream carries usage records (type 1) or event records (type 2). Only event streams can be
        filtered. The answer has no body: the id is in Location.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: DataStreamCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something referred to does not exist.
            ValidationError: Validation failed; the details are in errors.
        """
        result: Created = await self._caller._call(
            OPERATIONS["data_streams.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        data_stream_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a data stream.

        Carried out later: the stream may still be there right after the answer.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            data_stream_id: Data stream id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such data stream.
            ConflictError: The state of the stream forbids it.
        """
        await self._caller._call(OPERATIONS["data_streams.delete"], (data_stream_id,), options=options)

    async def get(
        self,
        data_stream_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> DataStream:
        """Get one data stream.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            data_stream_id: Data stream id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such data stream.
        """
        result: DataStream = await self._caller._call(
            OPERATIONS["data_streams.get"], (data_stream_id,), options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataStream]:
        """List the data streams of the organisation.

        The server may answer with a lone object instead of an array; either way a list is returned.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Documented without a cause.
        """
        result: builtins.list[DataStream] = await self._caller._call(
            OPERATIONS["data_streams.list"], (), options=options
        )
        return result

    async def list_connection_types(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[dict[str, Any]]:
        """List the kinds of destination a data stream can have.

        Named by the product documentation alone, which does not say what an entry looks like. The
        known kinds stand at connection_type of a destination.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[dict[str, Any]] = await self._caller._call(
            OPERATIONS["data_streams.list_connection_types"], (), options=options
        )
        return result

    async def list_filter_fields(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataStreamFilterField]:
        """List the fields an event stream can be filtered by.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Documented without a cause.
        """
        result: builtins.list[DataStreamFilterField] = await self._caller._call(
            OPERATIONS["data_streams.list_filter_fields"], (), options=options
        )
        return result

    async def list_statuses(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataStreamStatus]:
        """List the statuses a data stream can have.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Documented without a cause.
        """
        result: builtins.list[DataStreamStatus] = await self._caller._call(
            OPERATIONS["data_streams.list_statuses"], (), options=options
        )
        return result

    async def list_types(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataStreamType]:
        """List the kinds of record a data stream can carry.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Documented without a cause.
        """
        result: builtins.list[DataStreamType] = await self._caller._call(
            OPERATIONS["data_streams.list_types"], (), options=options
        )
        return result

    async def restart(
        self,
        data_stream_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Restart a data stream that has given up.

        For a stream in status 3 (Error), whose deliveries failed until its retries were used up.
        Carried out later: read the status back.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            data_stream_id: Data stream id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such data stream.
            ConflictError: The state of the stream forbids it.
        """
        await self._caller._call(OPERATIONS["data_streams.restart"], (data_stream_id,), options=options)

    async def update(
        self,
        data_stream_id: int | str,
        body: DataStreamUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change, pause or resume a data stream.

        Send only what changes. The change is carried out later: read the stream back to see it.
        Status 2 pauses and 1 resumes; records are kept for seven days while a stream is paused. An
        empty filters list removes all filters. Webhook headers come masked when read: do not send
        them back as they came.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            data_stream_id: Data stream id.
            body: What to send: DataStreamUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such data stream.
            ValidationError: Validation failed.
        """
        await self._caller._call(
            OPERATIONS["data_streams.update"], (data_stream_id,), body=body, options=options
        )

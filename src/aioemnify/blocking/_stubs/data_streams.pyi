# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
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
from aioemnify.resources.bodies import DataStreamCreateDict, DataStreamUpdateDict
from aioemnify.types import Created

class DataStreams:
    """Data streams."""

    def create(
        self, body: DataStreamCreate | DataStreamCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Create a data stream.

        A stream carries usage records (type 1, see UsageRecord) or event records (type 2, see Event).
        Only event streams can be filtered. The response has no body: the id is in Location.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: DataStreamCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: A referenced object does not exist.
            ValidationError: Validation failed; the details are in errors."""

    def delete(self, data_stream_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a data stream.

        The API deletes the stream later: it may still exist right after the response.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            data_stream_id: Data stream id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such data stream.
            ConflictError: The state of the stream does not allow it."""

    def get(self, data_stream_id: int | str, *, options: CallOptions | None = None) -> DataStream:
        """Get one data stream.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            data_stream_id: Data stream id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such data stream."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[DataStream]:
        """List the data streams of the organisation.

        The server may send one object instead of an array; the call returns a list in both cases.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: The documentation gives no cause."""

    def list_connection_types(self, *, options: CallOptions | None = None) -> builtins.list[dict[str, Any]]:
        """List the types of destination of a data stream.

        Only the product documentation names this call, without the format of an entry.
        connection_type of a destination lists the known types.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_filter_fields(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[DataStreamFilterField]:
        """List the fields an event stream can be filtered by.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: The documentation gives no cause."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[DataStreamStatus]:
        """List the statuses a data stream can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: The documentation gives no cause."""

    def list_types(self, *, options: CallOptions | None = None) -> builtins.list[DataStreamType]:
        """List the types of record that a data stream can carry.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: The documentation gives no cause."""

    def restart(self, data_stream_id: int | str, *, options: CallOptions | None = None) -> None:
        """Restart a data stream that has stopped with an error.

        For a stream in status 3 (Error): its deliveries failed and it has used all retries. The API
        restarts it later: read the status to see it.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            data_stream_id: Data stream id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such data stream.
            ConflictError: The state of the stream does not allow it."""

    def update(
        self,
        data_stream_id: int | str,
        body: DataStreamUpdate | DataStreamUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change, pause or resume a data stream.

        Send only what changes. The API applies the change later: read the stream to see it. Status 2
        pauses and 1 resumes; the platform keeps records for seven days while a stream is paused. An
        empty filters list removes all filters. Responses mask webhook headers: do not send masked
        values back.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            data_stream_id: Data stream id.
            body: The request body: DataStreamUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such data stream.
            ValidationError: Validation failed."""

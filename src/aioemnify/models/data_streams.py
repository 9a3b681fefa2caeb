# Generated from schema/resources/data_streams.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Data streams: the records that are sent and answered."""

from typing import Any, ClassVar

import attrs

from aioemnify.types import UNSET, UnsetType


@attrs.frozen(kw_only=True)
class DataStreamCredentials:
    """What the platform needs to reach a destination, as the server says it. Only the members of its
    connection type are there.
    """

    region: str | None = None
    """AwsKinesis and S3: the AWS region. Datadog: the site, such as EU."""

    stream_name: str | None = None
    """AwsKinesis: the stream."""

    role_arn: str | None = None
    """AwsKinesis and S3: the AWS role the platform takes on."""

    bucket_name: str | None = None
    """S3: the bucket."""

    flush_size: int | None = None
    """S3: records that make a file full."""

    rotate_interval: int | None = None
    """S3: milliseconds after which a file is closed even if not full."""

    url: str | None = None
    """RestAPI: where records are sent."""

    method: str | None = None
    """RestAPI: the HTTP method.

    Known values: POST, PUT, PATCH. Others may come.
    """

    headers: list[str] | None = attrs.field(default=None, repr=False)
    """RestAPI: headers of each request as name:value, masked."""

    size: int | None = None
    """RestAPI and KeenIO: records a request."""

    project_id: str | None = None
    """KeenIO: the project."""

    write_key: str | None = attrs.field(default=None, repr=False)
    """KeenIO: the key that may write."""

    collection_name: str | None = None
    """KeenIO: the collection."""

    api_key: str | None = attrs.field(default=None, repr=False)
    """Datadog: the API key."""

    connection_string: str | None = attrs.field(default=None, repr=False)
    """EventHubs: the connection string with its key."""

    cps_topic: str | None = None
    """PubSub: the topic."""

    cps_project: str | None = None
    """PubSub: the Google Cloud project."""


@attrs.frozen(kw_only=True)
class DataStreamDestination:
    """Where a data stream delivers, as the server says it. Send a DataStreamDestinationCreate instead."""

    connection_type: str | None = None
    """The kind of destination; it decides which members credentials has. RestAPI is a webhook.

    Known values: AwsKinesis, S3, RestAPI, KeenIO, Datadog, EventHubs, PubSub. Others may come.
    """

    format: str | None = None
    """How records are written, such as Json."""

    credentials: DataStreamCredentials | None = None


@attrs.frozen(kw_only=True)
class DataStreamFilter:
    """A condition on events: a field with its value, or a group of alternatives under or_."""

    field: str | None = None
    """event_type_id or alert; see data_streams.list_filter_fields."""

    value: Any = None
    """What the field may be. A list of event type ids for event_type_id and a bare true or false for
    alert in samples; documented as a list of texts.
    """

    or_: list["DataStreamFilter"] | None = attrs.field(default=None, metadata={"wire": "or"})
    """Alternatives, one of which has to hold; stands instead of field and value."""


@attrs.frozen(kw_only=True)
class DataStreamFilterField:
    """A field that event streams can be filtered by; event_type_id and alert are known. Ids are not
    published: read the lookup.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class DataStreamStatus:
    """Whether a data stream delivers. Paused keeps records for seven days; Error means that its retries
    are used up and that it waits for a restart. Only Running and Paused make sense in an update.
    """

    RUNNING: ClassVar["DataStreamStatus"]
    PAUSED: ClassVar["DataStreamStatus"]
    ERROR: ClassVar["DataStreamStatus"]
    PENDING: ClassVar["DataStreamStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


DataStreamStatus.RUNNING = DataStreamStatus(id=1, description="Running")
DataStreamStatus.PAUSED = DataStreamStatus(id=2, description="Paused")
DataStreamStatus.ERROR = DataStreamStatus(id=3, description="Error")
DataStreamStatus.PENDING = DataStreamStatus(id=4, description="Pending")


@attrs.frozen(kw_only=True)
class DataStreamType:
    """What kind of record a data stream carries."""

    USAGE: ClassVar["DataStreamType"]
    EVENT: ClassVar["DataStreamType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


DataStreamType.USAGE = DataStreamType(id=1, description="Usage")
DataStreamType.EVENT = DataStreamType(id=2, description="Event")


@attrs.frozen(kw_only=True)
class DataStream:
    """A push of usage or event records to a destination."""

    id: int
    name: str | None = None
    destination: DataStreamDestination | None = None
    """Where records go."""

    filters: list[DataStreamFilter] | None = None
    """Which events are pushed; all of them when empty or missing."""

    data_stream_type: DataStreamType | None = attrs.field(default=None, metadata={"intern": True})
    relation_resolution: Any = None
    """Documented without a type or a meaning; kept as it comes."""

    status: DataStreamStatus | None = attrs.field(default=None, metadata={"intern": True})


@attrs.define(kw_only=True)
class DatadogCredentials:
    """For connection type Datadog: a Datadog account."""

    api_key: str = attrs.field(repr=False)
    region: str | UnsetType = UNSET
    """The Datadog site; the server takes US when this is left out.

    Known values: US, US3, EU, US1FED. Others may come.
    """


@attrs.define(kw_only=True)
class EventHubsCredentials:
    """For connection type EventHubs: an Azure event hub."""

    connection_string: str = attrs.field(repr=False)
    """With its key."""


@attrs.define(kw_only=True)
class KeenCredentials:
    """For connection type KeenIO: a Keen collection."""

    project_id: str
    write_key: str = attrs.field(repr=False)
    """The key that may write."""

    collection_name: str
    size: int | UnsetType = UNSET
    """Records a request, 1 to 10000; the server takes 3000 when this is left out."""


@attrs.define(kw_only=True)
class KinesisCredentials:
    """For connection type AwsKinesis: an Amazon Kinesis stream."""

    region: str
    """AWS region, such as af-south-1."""

    stream_name: str
    role_arn: str
    """The AWS role the platform takes on to write."""


@attrs.define(kw_only=True)
class PubSubCredentials:
    """For connection type PubSub: a Google Cloud Pub/Sub topic."""

    cps_topic: str
    """The topic."""

    cps_project: str
    """The Google Cloud project it belongs to."""


@attrs.define(kw_only=True)
class RestApiCredentials:
    """For connection type RestAPI: a webhook."""

    url: str
    """Where to send records."""

    method: str | UnsetType = UNSET
    """The HTTP method; the server takes POST when this is left out.

    Known values: POST, PUT, PATCH. Others may come.
    """

    headers: list[str] | UnsetType = attrs.field(default=UNSET, repr=False)
    """Headers for each request, each one text: name:value. Masked when read back."""

    size: int | UnsetType = UNSET
    """Records a request, 1 to 10000; the server takes 3000 when this is left out. With 1 each request
    holds one message, otherwise requests may hold an array.
    """


@attrs.define(kw_only=True)
class S3Credentials:
    """For connection type S3: an Amazon S3 bucket."""

    region: str
    """AWS region, such as af-south-1."""

    bucket_name: str
    role_arn: str
    """The AWS role the platform takes on to write."""

    flush_size: int | UnsetType = UNSET
    """Records that make a file full, 10 to 100000; the server takes 10000 when this is left out."""

    rotate_interval: int | UnsetType = UNSET
    """Milliseconds after which a file is closed even if not full, 10000 to 900000; the server takes
    10000 when this is left out.
    """


@attrs.define(kw_only=True)
class DataStreamDestinationCreate:
    """Where a data stream is to deliver."""

    connection_type: str
    """The kind of destination; credentials have to be of the class that goes with it.

    Known values: AwsKinesis, S3, RestAPI, KeenIO, Datadog, EventHubs, PubSub. Others may come.
    """

    format: str | UnsetType = UNSET
    """How records are written; the sample value is Json."""

    credentials: (
        KinesisCredentials
        | S3Credentials
        | RestApiCredentials
        | KeenCredentials
        | DatadogCredentials
        | EventHubsCredentials
        | PubSubCredentials
        | UnsetType
    ) = attrs.field(
        default=UNSET,
        metadata={
            "selected_by": (
                "connection_type",
                {
                    "AwsKinesis": "KinesisCredentials",
                    "S3": "S3Credentials",
                    "RestAPI": "RestApiCredentials",
                    "KeenIO": "KeenCredentials",
                    "Datadog": "DatadogCredentials",
                    "EventHubs": "EventHubsCredentials",
                    "PubSub": "PubSubCredentials",
                },
            )
        },
    )
    """What the platform needs to reach the destination."""


@attrs.define(kw_only=True)
class DataStreamCreate:
    """A new data stream."""

    name: str | UnsetType = UNSET
    destination: DataStreamDestinationCreate | UnsetType = UNSET
    """Where records go."""

    filters: list[DataStreamFilter] | UnsetType = UNSET
    """Which events to push; without filters all of them. For event streams only."""

    data_stream_type: DataStreamType | int | UnsetType = UNSET
    relation_resolution: Any = UNSET
    """Named in the documentation without a type or a meaning."""

    status: DataStreamStatus | int | UnsetType = UNSET
    """The status to begin with."""


@attrs.define(kw_only=True)
class DataStreamUpdate:
    """What changes about a data stream. Send only that."""

    name: str | UnsetType = UNSET
    destination: DataStreamDestinationCreate | UnsetType = UNSET
    """Where records go."""

    filters: list[DataStreamFilter] | UnsetType = UNSET
    """The whole list; an empty one removes all filters."""

    data_stream_type: DataStreamType | int | UnsetType = UNSET
    relation_resolution: Any = UNSET
    """Named in the documentation without a type or a meaning."""

    status: DataStreamStatus | int | UnsetType = UNSET
    """Running (1) or Paused (2) only."""

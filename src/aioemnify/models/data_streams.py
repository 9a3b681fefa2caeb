# Generated from schema/resources/data_streams.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Data streams: the models of requests and responses."""

from typing import Any, ClassVar

import attrs

from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, UnsetType


@attrs.frozen(kw_only=True)
class DataStreamCredentials(Model):
    """The credentials of a destination in responses. Only the members of its connection type are
    present.
    """

    region: str | None = None
    """AwsKinesis and S3: the AWS region. Datadog: the site, such as EU."""

    stream_name: str | None = None
    """AwsKinesis: the stream."""

    role_arn: str | None = None
    """AwsKinesis and S3: the AWS role that the platform assumes."""

    bucket_name: str | None = None
    """S3: the bucket."""

    flush_size: int | None = None
    """S3: the maximum number of records in a file."""

    rotate_interval: int | None = None
    """S3: milliseconds after which a file is closed even if it is not full."""

    url: str | None = None
    """RestAPI: the URL that records are sent to."""

    method: str | None = None
    """RestAPI: the HTTP method.

    Known values: POST, PUT, PATCH. The server may send others.
    """

    headers: list[str] | None = attrs.field(default=None, repr=False)
    """RestAPI: headers of each request as name:value, masked."""

    size: int | None = None
    """RestAPI and KeenIO: records per request."""

    project_id: str | None = None
    """KeenIO: the project."""

    write_key: str | None = attrs.field(default=None, repr=False)
    """KeenIO: the write key."""

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
class DataStreamDestination(Model):
    """The destination of a data stream in responses. To send one, use DataStreamDestinationCreate."""

    connection_type: str | None = None
    """The type of destination; it determines the members of credentials. RestAPI is a webhook.

    Known values: AwsKinesis, S3, RestAPI, KeenIO, Datadog, EventHubs, PubSub. The server may send
    others.
    """

    format: str | None = None
    """The format of the records, such as Json."""

    credentials: DataStreamCredentials | None = None


@attrs.frozen(kw_only=True)
class DataStreamFilter(Model):
    """A condition on events: a field with a value, or a group of alternatives in or_."""

    field: str | None = None
    """event_type_id or alert; see data_streams.list_filter_fields."""

    value: Any = None
    """The value to match. In samples, a list of event type ids for event_type_id and a plain true or
    false for alert; documented as a list of texts.
    """

    or_: list["DataStreamFilter"] | None = attrs.field(default=None, metadata={"wire": "or"})
    """Alternatives, one of which must match; used instead of field and value."""


@attrs.frozen(kw_only=True)
class DataStreamFilterField(LookupModel):
    """A field that event streams can be filtered by; event_type_id and alert are known. The ids are not
    documented: read the lookup.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class DataStreamStatus(LookupModel):
    """The status of a data stream. In Paused, the platform keeps records for seven days and sends them
    first when the stream resumes. In Error, the configuration is wrong or all retries are used, and
    the stream waits for a restart. An update accepts only Running and Paused.
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
class DataStreamType(LookupModel):
    """The type of record that a data stream carries."""

    USAGE: ClassVar["DataStreamType"]
    EVENT: ClassVar["DataStreamType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


DataStreamType.USAGE = DataStreamType(id=1, description="Usage")
DataStreamType.EVENT = DataStreamType(id=2, description="Event")


@attrs.frozen(kw_only=True)
class DataStream(Model):
    """A push of usage or event records to a destination."""

    id: int
    name: str | None = None
    destination: DataStreamDestination | None = None
    """The destination of the records."""

    filters: list[DataStreamFilter] | None = None
    """The events to push; all events if empty or missing."""

    data_stream_type: DataStreamType | None = attrs.field(default=None, metadata={"intern": True})
    relation_resolution: Any = None
    """Documented without type or meaning; kept as received."""

    status: DataStreamStatus | None = attrs.field(default=None, metadata={"intern": True})


@attrs.define(kw_only=True)
class DatadogCredentials(BodyModel):
    """For connection type Datadog: a Datadog account."""

    api_key: str = attrs.field(repr=False)
    region: str | UnsetType = UNSET
    """The Datadog site. The server's default is US.

    Known values: US, US3, EU, US1FED. The server may send others.
    """


@attrs.define(kw_only=True)
class EventHubsCredentials(BodyModel):
    """For connection type EventHubs: an Azure event hub."""

    connection_string: str = attrs.field(repr=False)
    """The connection string, including the key."""


@attrs.define(kw_only=True)
class KeenCredentials(BodyModel):
    """For connection type KeenIO: a Keen collection."""

    project_id: str
    write_key: str = attrs.field(repr=False)
    """The write key."""

    collection_name: str
    size: int | UnsetType = UNSET
    """Records per request. From 1 to 10000; the server's default is 3000."""


@attrs.define(kw_only=True)
class KinesisCredentials(BodyModel):
    """For connection type AwsKinesis: an Amazon Kinesis stream."""

    region: str
    """AWS region, such as af-south-1."""

    stream_name: str
    role_arn: str
    """The AWS role that the platform assumes to write."""


@attrs.define(kw_only=True)
class PubSubCredentials(BodyModel):
    """For connection type PubSub: a Google Cloud Pub/Sub topic."""

    cps_topic: str
    """The topic."""

    cps_project: str
    """The Google Cloud project it belongs to."""


@attrs.define(kw_only=True)
class RestApiCredentials(BodyModel):
    """For connection type RestAPI: a webhook."""

    url: str
    """The URL to send records to."""

    method: str | UnsetType = UNSET
    """The HTTP method. The server's default is POST.

    Known values: POST, PUT, PATCH. The server may send others.
    """

    headers: list[str] | UnsetType = attrs.field(default=UNSET, repr=False)
    """Headers for each request, each as one text: name:value. Masked in responses."""

    size: int | UnsetType = UNSET
    """Records per request. With 1, each request holds one object, otherwise an array. From 1 to 10000;
    the server's default is 3000.
    """


@attrs.define(kw_only=True)
class S3Credentials(BodyModel):
    """For connection type S3: an Amazon S3 bucket."""

    region: str
    """AWS region, such as af-south-1."""

    bucket_name: str
    role_arn: str
    """The AWS role that the platform assumes to write."""

    flush_size: int | UnsetType = UNSET
    """Maximum number of records in a file. From 10 to 100000; the server's default is 10000."""

    rotate_interval: int | UnsetType = UNSET
    """Milliseconds after which a file is closed even if it is not full. From 10000 to 900000; the
    server's default is 10000.
    """


@attrs.define(kw_only=True)
class DataStreamDestinationCreate(BodyModel):
    """The destination of a data stream."""

    connection_type: str
    """The type of destination; credentials must be of the matching class.

    Known values: AwsKinesis, S3, RestAPI, KeenIO, Datadog, EventHubs, PubSub. The server may send
    others.
    """

    format: str | UnsetType = UNSET
    """The format of the records; the sample value is Json."""

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
    """The credentials of the destination."""


@attrs.define(kw_only=True)
class DataStreamCreate(BodyModel):
    """A new data stream."""

    name: str | UnsetType = UNSET
    destination: DataStreamDestinationCreate | UnsetType = UNSET
    """The destination of the records."""

    filters: list[DataStreamFilter] | UnsetType = UNSET
    """The events to push; without filters, all events. Only for event streams."""

    data_stream_type: DataStreamType | int | UnsetType = UNSET
    relation_resolution: Any = UNSET
    """Documented without type or meaning."""

    status: DataStreamStatus | int | UnsetType = UNSET
    """The initial status."""


@attrs.define(kw_only=True)
class DataStreamUpdate(BodyModel):
    """The changes to a data stream. Send only what changes."""

    name: str | UnsetType = UNSET
    destination: DataStreamDestinationCreate | UnsetType = UNSET
    """The destination of the records."""

    filters: list[DataStreamFilter] | UnsetType = UNSET
    """The complete list; an empty list removes all filters."""

    data_stream_type: DataStreamType | int | UnsetType = UNSET
    relation_resolution: Any = UNSET
    """Documented without type or meaning."""

    status: DataStreamStatus | int | UnsetType = UNSET
    """Only Running (1) or Paused (2)."""

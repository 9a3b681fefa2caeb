"""All errors of the library, as one tree.

::

    EmnifyError
    ├── ArgumentError                 refused before anything was sent (also a ValueError)
    │   ├── ArgumentTypeError         the same, for a value of the wrong type (also a TypeError)
    │   ├── FilterValueError          a filter value that cannot be sent, such as text with a comma
    │   └── UnknownTenantError        a tenant without a token was asked of an ``EmnifyPool``
    ├── NoResultError                 a list that was asked for its one item has none
    ├── MultipleResultsError          it has several; ``results`` are the first of them
    ├── WaitError                     a wait ended without what it waited for; ``last`` is the last value
    │   ├── WaitTimeoutError          its time ran out (also a TimeoutError of Python)
    │   └── WaitFailedError           the value can no longer become what the wait is for
    ├── ClientStateError              the client is closed, or belongs to another event loop
    ├── ThrottleError                 the wait for a rate limit is longer than the call's deadline
    ├── StoreError                    the ``store`` that processes share cannot be used
    ├── TransportError                no usable response came back
    │   ├── ConnectError              no connection: the request certainly was not processed
    │   ├── TimeoutError              time ran out; ``phase`` says where
    │   ├── ProtocolError             the connection broke, or the response is not valid HTTP
    │   ├── ResponseTooLargeError     the response was larger than the client accepts
    │   └── OutcomeUnknownError       the response to a create was lost or broken: it may be applied
    ├── DecodeError                   a success that is not a response of this API
    ├── PushError                     a pushed request is refused; ``status`` is what to answer
    │   ├── MissingSignatureError     401: it has no bearer token, or not the headers of the stream
    │   ├── InvalidSignatureError     401: the token is not signed with the secret, or has expired
    │   ├── PushDecodeError           400: the body is not JSON
    │   └── UnknownRecordError        422: a record is of no known kind, or of one that nobody handles
    └── APIError                      the server answered with an error status
        ├── BadRequestError           400
        ├── AuthenticationError       401
        ├── PermissionDeniedError     403
        ├── NotFoundError             404
        ├── MethodNotAllowedError     405
        ├── ConflictError             409
        ├── GoneError                 410
        ├── UnsupportedMediaTypeError 415
        ├── ValidationError           422
        ├── RateLimitError            429
        │   └── QuotaExhaustedError   429, until the 1st of the next month
        └── ServerError               5xx

Each of them can be pickled and copied, holds no connection, and shows no secret: no error contains
a request body or the ``Authorization`` header.
"""

from __future__ import annotations

from aioemnify.errors.local import (
    ArgumentError,
    ArgumentTypeError,
    ClientStateError,
    FilterValueError,
    MultipleResultsError,
    NoResultError,
    StoreError,
    ThrottleError,
    UnknownTenantError,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
)
from aioemnify.errors.network import (
    ConnectError,
    DecodeError,
    OutcomeUnknownError,
    ProtocolError,
    ResponseTooLargeError,
    TimeoutError,
    TransportError,
)
from aioemnify.errors.network import Phase as Phase
from aioemnify.errors.pushes import (
    InvalidSignatureError,
    MissingSignatureError,
    PushDecodeError,
    PushError,
    UnknownRecordError,
)
from aioemnify.errors.root import EmnifyError
from aioemnify.errors.statuses import STATUS_ERRORS as STATUS_ERRORS
from aioemnify.errors.statuses import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ErrorDetail,
    GoneError,
    MethodNotAllowedError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExhaustedError,
    RateLimitError,
    ServerError,
    UnsupportedMediaTypeError,
    ValidationError,
)
from aioemnify.errors.statuses import RateLimitCause as RateLimitCause

__all__ = [
    "APIError",
    "ArgumentError",
    "ArgumentTypeError",
    "AuthenticationError",
    "BadRequestError",
    "ClientStateError",
    "ConflictError",
    "ConnectError",
    "DecodeError",
    "EmnifyError",
    "ErrorDetail",
    "FilterValueError",
    "GoneError",
    "InvalidSignatureError",
    "MethodNotAllowedError",
    "MissingSignatureError",
    "MultipleResultsError",
    "NoResultError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "ProtocolError",
    "PushDecodeError",
    "PushError",
    "QuotaExhaustedError",
    "RateLimitError",
    "ResponseTooLargeError",
    "ServerError",
    "StoreError",
    "ThrottleError",
    "TimeoutError",
    "TransportError",
    "UnknownRecordError",
    "UnknownTenantError",
    "UnsupportedMediaTypeError",
    "ValidationError",
    "WaitError",
    "WaitFailedError",
    "WaitTimeoutError",
]

# Tracebacks and pickles name the public place.
for _name in __all__:
    globals()[_name].__module__ = __name__

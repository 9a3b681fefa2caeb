# Generated from schema/errors.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Every documented error code by number, with advice for the caller."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aioemnify.operation import ErrorCode

ERROR_CODES: Mapping[int, ErrorCode] = MappingProxyType(
    {
        1000: ErrorCode(
            code=1000,
            token="BadRequest",
            statuses=(400,),
            advice="Check the path and query values: one of them does not have the expected type.",
        ),
        1002: ErrorCode(
            code=1002,
            token="Failed",
            statuses=(422,),
            advice="Read the nested errors; they say which part failed.",
        ),
        1101: ErrorCode(
            code=1101,
            token="InvalidCredentials",
            statuses=(401,),
            advice="Check the application token, or the user name and the password. Do not retry: three failures lock the account for five minutes.",
        ),
        1102: ErrorCode(
            code=1102,
            token="InvalidToken",
            statuses=(401,),
            advice="Authenticate again. If the error comes back at once, the token belongs to another installation.",
        ),
        1103: ErrorCode(
            code=1103,
            token="TokenExpired",
            statuses=(401,),
            advice="Authenticate again and retry the call once.",
        ),
        1104: ErrorCode(
            code=1104,
            token="Forbidden",
            statuses=(403,),
            advice="Use a token with a role that allows the call; retrying does not help.",
        ),
        1105: ErrorCode(
            code=1105,
            token="TooManyRequests",
            statuses=(429, 401),
            advice="Wait as long as Retry-After says, in milliseconds. In a 401 it means that the account is locked for five minutes.",
        ),
        1201: ErrorCode(
            code=1201,
            token="NotFound",
            statuses=(404,),
            advice="Check the id, and that the object belongs to the workspace of the token.",
        ),
        1301: ErrorCode(
            code=1301,
            token="InvalidQueryCriteria",
            statuses=(422,),
            advice="Correct the filter: a field is unknown here or a value has the wrong form.",
        ),
        1302: ErrorCode(
            code=1302,
            token="InvalidSortCriteria",
            statuses=(422,),
            advice="Correct the sort: a field is unknown here.",
        ),
        1400: ErrorCode(
            code=1400,
            token="InputValidationFailed",
            statuses=(422,),
            advice="Read the nested errors; each names one fault.",
        ),
        1401: ErrorCode(
            code=1401,
            token="InvalidReference",
            statuses=(422, 404),
            advice="Check the id of the referenced object; it does not exist or is not visible.",
        ),
        1402: ErrorCode(
            code=1402, token="Required", statuses=(422,), advice="Add the member that the message names."
        ),
        1403: ErrorCode(
            code=1403,
            token="InvalidFormat",
            statuses=(422,),
            advice="Send the member that the message names in the format that the message asks for.",
        ),
        1404: ErrorCode(
            code=1404,
            token="OutOfRange",
            statuses=(422,),
            advice="Choose a value or a length inside the permitted range.",
        ),
        1405: ErrorCode(
            code=1405,
            token="Duplicated",
            statuses=(409,),
            advice="If you wanted to assign or list it, there is nothing to do: it already is. Otherwise choose another value.",
        ),
        1406: ErrorCode(
            code=1406,
            token="NotAllowed",
            statuses=(),
            advice="Check the state of the object: it does not allow this operation.",
        ),
        1502: ErrorCode(
            code=1502,
            token=None,
            statuses=(409,),
            advice="Detach the SIMs first, or migrate with auto_detach_devices.",
        ),
        1503: ErrorCode(
            code=1503,
            token=None,
            statuses=(409,),
            advice="Change the status of the SIMs, or allow it in allowed_sim_statuses.",
        ),
        1504: ErrorCode(
            code=1504,
            token=None,
            statuses=(409,),
            advice="Sign in as a user who administers the workspace the SIMs come from.",
        ),
        1505: ErrorCode(
            code=1505,
            token=None,
            statuses=(409,),
            advice="Leave these SIMs out: they cannot move between Brazilian and other workspaces.",
        ),
        1601: ErrorCode(
            code=1601,
            token="Unavailable",
            statuses=(404,),
            advice="Free an address or use another address space: this one is full.",
        ),
    }
)

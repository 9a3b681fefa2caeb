# Generated from schema/responses.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Responses: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import Model


@attrs.frozen(kw_only=True)
class ApiError(Model):
    """An error response of the API. Every member may be missing."""

    error_code: int | None = None
    """Listed in errors.yaml; other codes exist."""

    error_token: str | None = None
    """The code as text."""

    message: str | None = None
    """A message for people, not for programs."""

    status_code: int | None = None
    """The HTTP status; only in some responses."""

    errors: list["ApiError"] | None = None
    """The individual errors behind a validation failure."""

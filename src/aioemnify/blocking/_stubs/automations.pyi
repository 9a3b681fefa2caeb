# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.automations import (
    Automation,
    AutomationAction,
    AutomationCreate,
    AutomationLog,
    AutomationUpdate,
    EmailVerification,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import AutomationCreateDict, AutomationUpdateDict, EmailVerificationDict
from aioemnify.types import Created

class Automations:
    """Automations."""

    def create(
        self, body: AutomationCreate | AutomationCreateDict, *, options: CallOptions | None = None
    ) -> Automation | Created:
        """Create an automation.

        An automation connects one event, some targets and some actions. The event lists its possible
        actions and targets in supportedActions and supportedTargetingParameters;
        automations.list_actions shows what an action needs.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: AutomationCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, id: str, *, options: CallOptions | None = None) -> None:
        """Delete an automation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            id: Automation id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get(self, id: str, *, options: CallOptions | None = None) -> Automation:
        """Get one automation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            id: Automation id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_action(self, id: str, *, options: CallOptions | None = None) -> AutomationAction:
        """Get one action.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            id: Action id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[Automation]:
        """List the automations of the organisation.

        A beta feature of the platform.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_actions(self, *, options: CallOptions | None = None) -> builtins.list[AutomationAction]:
        """List the actions an automation can run.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_logs(
        self, *, automationId: str, automationExecutionNumber: int, options: CallOptions | None = None
    ) -> builtins.list[AutomationLog]:
        """List the log of one execution of an automation.

        Needs both the automation and the number of the execution.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            automationId: Automation id.
            automationExecutionNumber: The number of the execution; number_of_executions of the
                automation is how many there were.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def update(
        self, id: str, body: AutomationUpdate | AutomationUpdateDict, *, options: CallOptions | None = None
    ) -> Automation:
        """Change an automation.

        Send only what changes. The documentation marks every member as required, but partial bodies
        were seen to work. The event cannot be changed.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            id: Automation id.
            body: The request body: AutomationUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def verify_recipient_email(
        self, body: EmailVerification | EmailVerificationDict, *, options: CallOptions | None = None
    ) -> None:
        """Confirm an e-mail address that automations may send to.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: EmailVerification or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

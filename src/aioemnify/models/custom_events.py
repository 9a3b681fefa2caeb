# Generated from schema/resources/custom_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Custom events: the models of requests and responses."""

import attrs

from aioemnify.models.refs import IdRef, OrganisationRef
from aioemnify.serialization.model import BodyModel, Model


@attrs.frozen(kw_only=True)
class ConfigProperty(Model):
    """A property and its value or values. According to the documentation, empty ones are sent too."""

    property: str
    """Name of the property or targeting parameter."""

    value: str
    """The single value as text, whatever its type."""

    value_array: list[str]
    """The values of a property that accepts several."""


@attrs.frozen(kw_only=True)
class CustomEvent(Model):
    """A template that an organisation has filled in; it can trigger automations. Two names are
    camelCase.
    """

    id: str
    """A text, unlike most ids; automations refer to it."""

    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    template: IdRef | None = None
    """The template it was created from; a number here, a text in CustomEventTemplate.id."""

    configuration_properties: list[ConfigProperty] | None = None
    """The values of the properties of the template."""

    name: str | None = None
    supportedTargetingParameters: list[str] | None = None
    """The names allowed in targeting_properties of an automation."""

    supportedActions: list[str] | None = None
    """The actions that it can trigger."""


@attrs.define(kw_only=True)
class CustomEventCreate(BodyModel):
    """A new custom event."""

    organisation: IdRef | int
    """The organisation that will own the event."""

    template: IdRef | int
    """The template to fill in. Documented as a number although CustomEventTemplate.id is a text: pass
    int(template.id). To send an id that is not a number, use the client's request method.
    """

    configuration_properties: list[ConfigProperty]
    """Values for the properties of the template, including all required ones."""

    name: str


@attrs.frozen(kw_only=True)
class PropertyValidator(Model):
    """A check that a value must pass."""

    validator_type: str | None = None
    """The type of the check; the types are not documented."""

    validator_value: str | None = None
    """The value that the check compares with, as text."""


@attrs.frozen(kw_only=True)
class TargetingParameter(Model):
    """A parameter that limits an event to some objects."""

    parameter: str | None = None
    """The name."""

    type: str | None = None
    """The type of the value; the types are not documented."""

    description: str | None = None
    validators: list[PropertyValidator] | None = None
    """The checks on the value."""


@attrs.frozen(kw_only=True)
class TemplateProperty(Model):
    """A property of a template."""

    property: str | None = None
    """The name."""

    type: str | None = None
    """The type of the value; the types are not documented."""

    default: str | None = None
    """The default value, as text."""

    required: bool | None = None
    """Whether a custom event must set it."""

    description: str | None = None
    validators: list[PropertyValidator] | None = None
    """The checks on the value."""


@attrs.frozen(kw_only=True)
class CustomEventTemplate(Model):
    """A template for custom events. Two names are camelCase."""

    id: str
    """A text, although a custom event refers to its template by number."""

    parent_organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """The organisation that owns the template."""

    name: str | None = None
    translationKeyName: str | None = None
    """Translation key of the name in the web portal."""

    status: str | None = None
    """The values are not documented."""

    description: str | None = None
    translationKeyDescription: str | None = None
    """Translation key of the description in the web portal."""

    configuration_properties: list[TemplateProperty] | None = None
    """The properties to fill in for a custom event."""

    supported_targeting_parameters: list[TargetingParameter] | None = None
    """The parameters by which automations can limit such an event."""

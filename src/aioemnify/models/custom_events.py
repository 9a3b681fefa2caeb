# Generated from schema/resources/custom_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Custom events: the records that are sent and answered."""

import attrs

from aioemnify.models.refs import IdRef, OrganisationRef


@attrs.frozen(kw_only=True)
class ConfigProperty:
    """A property and its value or values. What is empty is documented as sent too."""

    property: str
    """Name of the property or targeting parameter."""

    value: str
    """The single value, whatever its kind, as text."""

    value_array: list[str]
    """The values of a property that takes several."""


@attrs.frozen(kw_only=True)
class CustomEvent:
    """A template filled in by an organisation; it can set off automations. Two names are camelCase."""

    id: str
    """Text, unlike most ids; automations refer to it."""

    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    template: IdRef | None = None
    """The template it was made from; a number here, text in CustomEventTemplate.id."""

    configuration_properties: list[ConfigProperty] | None = None
    """The values given to the properties of the template."""

    name: str | None = None
    supportedTargetingParameters: list[str] | None = None
    """What targeting_properties of an automation may name."""

    supportedActions: list[str] | None = None
    """The actions it can set off."""


@attrs.define(kw_only=True)
class CustomEventCreate:
    """A new custom event."""

    organisation: IdRef | int
    """Whose event it becomes."""

    template: IdRef | int
    """The template to fill in. Documented as a number although CustomEventTemplate.id is text: give
    int(template.id). An id that is no number can only be sent with the client's request method.
    """

    configuration_properties: list[ConfigProperty]
    """Values for the properties of the template; required ones must be there."""

    name: str


@attrs.frozen(kw_only=True)
class PropertyValidator:
    """A check that a value has to pass."""

    validator_type: str | None = None
    """The kind of check; the kinds are not published."""

    validator_value: str | None = None
    """What the check compares with, as text."""


@attrs.frozen(kw_only=True)
class TargetingParameter:
    """A parameter that narrows an event to some objects."""

    parameter: str | None = None
    """Its name."""

    type: str | None = None
    """The kind of value; the kinds are not published."""

    description: str | None = None
    validators: list[PropertyValidator] | None = None
    """What the value is checked against."""


@attrs.frozen(kw_only=True)
class TemplateProperty:
    """A property that a template asks for."""

    property: str | None = None
    """Its name."""

    type: str | None = None
    """The kind of value; the kinds are not published."""

    default: str | None = None
    """The default value, as text."""

    required: bool | None = None
    """Whether a custom event must give it."""

    description: str | None = None
    validators: list[PropertyValidator] | None = None
    """What the value is checked against."""


@attrs.frozen(kw_only=True)
class CustomEventTemplate:
    """What a custom event can be made from. Two names are camelCase."""

    id: str
    """Text, while a custom event refers to its template by number."""

    parent_organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """Whose template this is."""

    name: str | None = None
    translationKeyName: str | None = None
    """Key of the name in the texts of the web portal."""

    status: str | None = None
    """Its values are not published."""

    description: str | None = None
    translationKeyDescription: str | None = None
    """Key of the description in the texts of the web portal."""

    configuration_properties: list[TemplateProperty] | None = None
    """What a custom event made from it has to fill in."""

    supported_targeting_parameters: list[TargetingParameter] | None = None
    """What automations can narrow such an event to."""

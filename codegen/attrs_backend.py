"""The attrs backend of datamodel-code-generator: two subclasses and a type map.

The tool reads schemas, orders classes, resolves references between files and writes the imports.
This module only defines the source of a class and of a member. It overrides public properties alone,
because the tool's internals change with every release.
"""

from __future__ import annotations

from typing import Any, ClassVar

from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import PythonVersion
from datamodel_code_generator.imports import Import
from datamodel_code_generator.model import get_data_model_types
from datamodel_code_generator.model.dataclass import DataClass, DataModelField
from datamodel_code_generator.types import Types

from codegen import naming
from codegen.render import literal, prose

TYPES = get_data_model_types(DataModelType.DataclassesDataclass, target_python_version=PythonVersion.PY_311)


class AttrsClass(DataClass):
    """A model: frozen in responses, mutable in request bodies."""

    TEMPLATE_FILE_PATH: ClassVar[str] = "model.jinja"
    # Ruff removes the imports that a module does not use.
    DEFAULT_IMPORTS: ClassVar[tuple[Import, ...]] = (
        Import(import_="attrs"),
        Import.from_full_path("typing.ClassVar"),
        *(Import.from_full_path(f"aioemnify.serialization.model.{base}") for base in naming.BASES),
        Import.from_full_path("aioemnify.types.UNSET"),
        Import.from_full_path("aioemnify.types.UnsetType"),
    )

    @property
    def facts(self) -> dict[str, Any]:
        """The facts about this model in the staged schema, beyond its shape."""
        found: dict[str, Any] = self.extra_template_data["extensions"]["x-facts"]
        return found

    def render(self, *, class_name: str | None = None) -> str:
        """Write the class and, below it, the known values of a lookup."""
        return self.template.render(
            name=class_name or self.class_name,
            decorator="define" if self.facts["body"] else "frozen",
            base=naming.base(body=self.facts["body"], lookup=self.facts["lookup"]),
            docstring=prose(self.facts["description"]),
            constants=[
                (name, ", ".join(f"{key}={literal(value)}" for key, value in values.items()))
                for name, values in self.facts["constants"].items()
            ],
            fields=self.fields,
        )


class AttrsField(DataModelField):
    """A member of a model."""

    @property
    def facts(self) -> dict[str, Any]:
        """The facts about this member in the staged schema, beyond its type."""
        found: dict[str, Any] = self.parent.facts["members"][self.original_name]  # type: ignore[union-attr]
        return found

    @property
    def body(self) -> bool:
        """Whether the member belongs to a request body."""
        return bool(self.parent.facts["body"])  # type: ignore[union-attr]

    @property
    def fall_back_to_nullable(self) -> bool:
        """Keep "may be missing" and "may be null" apart."""
        return False

    @property
    def imports(self) -> tuple[Import, ...]:
        """Omit the imports that only dataclasses need."""
        return tuple(item for item in super().imports if item.from_ != "dataclasses")

    @property
    def attrs_type(self) -> str:
        """The annotation."""
        hint = self.type_hint
        if self.required or hint == "Any":
            return hint
        if self.body:
            return f"{hint} | UnsetType"
        return hint if self.type_has_null else f"{hint} | None"

    @property
    def attrs_default(self) -> str:
        """The text after the annotation, with its equals sign, or nothing."""
        default = "" if self.required else "UNSET" if self.body else "None"
        arguments = [f"default={default}"] if default else []
        arguments += ["repr=False"] if self.facts["secret"] else []
        arguments += [] if self.facts["compared"] else ["eq=False"]
        metadata: dict[str, Any] = {"wire": self.facts["wire"]} if self.facts["wire"] != self.name else {}
        if self.facts["selected_by"]:
            metadata["selected_by"] = (
                self.facts["selected_by"]["member"],
                self.facts["selected_by"]["mapping"],
            )
        if self.facts["intern"]:
            metadata["intern"] = True
        if metadata:
            arguments.append(f"metadata={literal(metadata)}")
        if arguments[1:] or (arguments and not default):
            return f" = attrs.field({', '.join(arguments)})"
        return f" = {default}" if default else ""

    @property
    def attrs_docstring(self) -> str:
        """The string below the member, or nothing."""
        return prose(self.facts["description"]) if self.facts["description"] else ""


class AttrsTypes(TYPES.data_type_manager):  # type: ignore[misc, name-defined]
    """The Python types of the JSON types: a timestamp always has its zone, and no type is of freezegun."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for kind, name in ((Types.date_time, "Timestamp"), (Types.date, "Date")):
            path = Import.from_full_path(f"aioemnify.types.{name}")
            self.type_map[kind] = self.data_type.from_import(path)

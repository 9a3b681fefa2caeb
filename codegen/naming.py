"""Turn the names of the schema into Python names."""

from __future__ import annotations

import keyword
import re

BASES = ("Model", "BodyModel", "LookupModel")
"""The bases of the models: of a response, of a request body, and of a lookup."""

MAPPING = "Dict"
"""The end of the name of the type of a mapping."""

NAMES = "Name"
"""The end of the name of the type of a lookup's names."""

METHODS = frozenset({"from_dict", "to_dict", "to_json"})
"""The public methods of the bases."""

TAKEN = frozenset({"attrs", "bool", "dict", "float", "int", "list", "str", "tuple"}) | METHODS
"""Names that a model class uses or inherits; an attribute must not hide them."""


def attribute(wire: str) -> str:
    """Return the Python name of a member: its wire name if that is a valid name."""
    name = re.sub(r"\W", "_", wire, flags=re.ASCII)
    if name[:1].isdigit():
        name = f"n{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def base(*, body: bool, lookup: bool) -> str:
    """Return the base of a model."""
    return "BodyModel" if body else "LookupModel" if lookup else "Model"


def resource_class(group: str) -> str:
    """Return the class of a group: ``sim_batches`` becomes ``SimBatches``."""
    return "".join(part.capitalize() for part in group.split("_"))


def constant(model: str, description: str) -> str:
    """Return the name of a known lookup value: ``Factory Test`` becomes ``FACTORY_TEST``.

    A description that begins with a digit gets the last word of its model as prefix, as in ``TYPE_2G``.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", description)
    name = re.sub(r"[^0-9A-Za-z]+", "_", words).strip("_").upper()
    if not name or name[0].isdigit():
        last = re.findall(r"[A-Z][a-z0-9]*", model)[-1:] or [model]
        name = f"{last[0].upper()}_{name}".rstrip("_")
    return name

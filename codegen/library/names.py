"""Find the public names of the library in its source, without importing it.

A public name is in ``__all__`` of a module or package directly below the package, or of the package itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import griffe
from attrs import frozen

PACKAGE = "aioemnify"
GENERATED = {"models", "resources"}
"""The modules whose names are on the pages of the groups."""


Definition = griffe.Class | griffe.Function | griffe.Attribute


@frozen
class Name:
    """A public name: where to import it from, and its definition."""

    module: str
    name: str
    home: str
    found: Definition

    @property
    def path(self) -> str:
        """Return the name with its module."""
        return f"{self.module}.{self.name}"


class Source:
    """The modules of the package, each read once.

    Args:
        folder: The folder of the package.
        generated: Newer source than on disk, by path below the folder.
    """

    def __init__(self, folder: Path, generated: Mapping[str, str]) -> None:
        self.folder = folder
        self._generated = generated
        self._modules: dict[str, griffe.Module] = {}

    def module(self, name: str) -> griffe.Module:
        """Return a module by its full name. Stubs come before code."""
        if name not in self._modules:
            path = name.removeprefix(PACKAGE).strip(".").replace(".", "/")
            inside = f"{path}/" if path else ""
            files = (f"{path}.pyi", f"{path}.py", f"{inside}__init__.pyi", f"{inside}__init__.py")
            for file in files:
                there = self.folder / file
                if file in self._generated or there.is_file():
                    code = self._generated.get(file) or there.read_text(encoding="utf-8")
                    self._modules[name] = griffe.visit(name, filepath=there, code=code)
                    break
            else:
                raise LookupError(f"{name}: there is no such module")
        return self._modules[name]

    def defined(self, module: str, name: str) -> tuple[str, Definition]:
        """Follow imports to the definition of a name, and return its module too."""
        member = self.module(module).members[name]
        if isinstance(member, griffe.Alias):
            home, _, original = member.target_path.rpartition(".")
            if not home.startswith(PACKAGE):
                return module, _foreign(name, member.target_path)
            return self.defined(home, original)
        if not isinstance(member, Definition):
            raise LookupError(
                f"{module}.{name} is a {member.kind.value}, which has no form in the reference yet"
            )
        return module, member

    def exports(self, module: str) -> list[str]:
        """Return the names of ``__all__``; if code computes it, what a type checker sees imported."""
        read = self.module(module)
        if read.exports:
            return [str(name) for name in read.exports]
        return [
            name
            for name, member in read.members.items()
            if isinstance(member, griffe.Alias) and member.target_path.startswith(f"{PACKAGE}.")
        ]


def _foreign(name: str, path: str) -> griffe.Attribute:
    """Describe a name that is handed on from another package."""
    return griffe.Attribute(name, docstring=griffe.Docstring(f"``{path}``."))


def public_modules(folder: Path) -> Iterator[str]:
    """Yield the modules with an ``__all__``, the package itself first."""
    yield PACKAGE
    for file in sorted((*folder.glob("*.py"), *folder.glob("*/__init__.py"))):
        name = file.parent.name if file.stem == "__init__" else file.stem
        named = file.parent != folder or file.stem != "__init__"
        if named and not name.startswith("_") and name not in GENERATED:
            text = file.read_text(encoding="utf-8")
            if "\n__all__ = " in text:
                yield f"{PACKAGE}.{name}"


def public_names(source: Source) -> list[Name]:
    """Return every public name of the library once, under its shortest module."""
    found: dict[tuple[str, str], Name] = {}
    for module in public_modules(source.folder):
        for name in source.exports(module):
            home, definition = source.defined(module, name)
            found.setdefault((home, definition.name), Name(module, name, home, definition))
    return list(found.values())

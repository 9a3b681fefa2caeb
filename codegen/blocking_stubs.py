"""Write the stubs of the blocking client from the source of the asyncio client.

At run time one generic proxy stands for all classes, so only type checkers and editors read these. Each
class is rewritten as the proxy behaves: nothing is awaited, iterators are plain ones, and lists, sweeps and
jobs are those of the blocking client.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from codegen.render import header

MADE_BY_USERS = {"Emnify": "client", "Job": "fleet.jobs.job"}
"""The classes that users call, by their modules; objects of all others come from methods."""

EXPORTED = (*MADE_BY_USERS, "Pages", "PrefetchedPages", "Sweep")

PACKAGE = "aioemnify.blocking._stubs"

_NAMES = {
    "AsyncGenerator": "Iterator",
    "AsyncIterable": "Iterable",
    "AsyncIterator": "Iterator",
    "FleetClient": "Emnify",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
}
_WORDS = [
    (r"\basync (with|for)\b", r"\1"),
    (r"``await`` it\b", "call ``.page()``"),
    (r"\b[Aa]wait (one page)\b", r"fetch \1"),
    (r"\bawait (?=[a-z_]+\.)", ""),
    (r"The first Ctrl-C .*cancels\.", "Ctrl-C cancels the calls under way."),
]
"""How docstrings name the asyncio forms, and what they are here."""


def blocking_stubs(source: Path, generated: Mapping[str, str]) -> dict[str, str]:
    """Return the stubs as unformatted source by file name.

    Args:
        source: The folder of the package, with the hand-written modules.
        generated: The generated resource modules, by file name.
    """
    trees = {f"resources.{name[:-3]}": ast.parse(text) for name, text in generated.items()}
    classes = {name: list(_classes(tree)) for name, tree in trees.items() if _has_methods(tree)}
    for name, module in MADE_BY_USERS.items():
        trees[module], classes[module] = _found(source, module, name)
    waiting = list(classes)
    while waiting:
        for module, tree, found in _returned(source, trees[waiting[0]], classes[waiting.pop(0)]):
            if module not in classes:
                trees[module], classes[module] = tree, found
                waiting.append(module)
    homes = {one.name: f"{PACKAGE}.{_last(name)}" for name, made in classes.items() for one in made}
    stubs = {f"{_last(name)}.pyi": _stub(name, trees[name], made, homes) for name, made in classes.items()}
    stubs["__init__.pyi"] = "".join(f"from {homes[name]} import {name} as {name}\n" for name in EXPORTED)
    top = header(["schema/ and the asyncio classes"])
    return {name: top + text for name, text in stubs.items()}


def _has_methods(tree: ast.Module) -> bool:
    return any(
        isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        for one in _classes(tree)
        for part in one.body
    )


def _returned(
    source: Path, tree: ast.Module, classes: list[ast.ClassDef]
) -> Iterator[tuple[str, ast.Module, list[ast.ClassDef]]]:
    """Yield the hand-written classes with something to await that methods return, and their modules."""
    functions = [part for one in classes for part in one.body if isinstance(part, ast.FunctionDef)]
    named = [one for part in functions if part.returns for one in ast.walk(part.returns)]
    kinds = {one.id for one in named if isinstance(one, ast.Name)}
    for one in ast.walk(tree):
        outside = re.fullmatch(r"aioemnify\.(?!models|resources)(.+)", getattr(one, "module", None) or "")
        if isinstance(one, ast.ImportFrom) and outside:
            for name in sorted(kinds & {alias.name for alias in one.names}):
                module = _home(source, outside[1], name)
                there, found = _found(source, module, name)
                parts = [part for kind in found for part in kind.body]
                if any(
                    isinstance(part, ast.AsyncFunctionDef) or getattr(part, "name", "") in _NAMES
                    for part in parts
                ):
                    yield module, there, found


def _home(source: Path, module: str, name: str) -> str:
    """Return the module of a class that a package hands on."""
    file = source / module.replace(".", "/") / "__init__.py"
    if not file.is_file():
        return module
    parts = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    (home,) = {
        str(one.module)
        for one in parts
        if isinstance(one, ast.ImportFrom) and name in {alias.name for alias in one.names}
    }
    return home.removeprefix("aioemnify.")


def _found(source: Path, module: str, name: str) -> tuple[ast.Module, list[ast.ClassDef]]:
    """Return a module and its class of that name, if there is one."""
    tree = ast.parse((source / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    return tree, [one for one in _classes(tree) if one.name == name]


def _last(module: str) -> str:
    return module.rpartition(".")[2]


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (one for one in tree.body if isinstance(one, ast.ClassDef) and not one.name.startswith("_"))


def _stub(name: str, tree: ast.Module, own: list[ast.ClassDef], homes: Mapping[str, str]) -> str:
    lines = ["from collections.abc import Iterable, Iterator", f"from {homes['Emnify']} import Emnify"]
    lines += _imports(tree, homes)
    names = {one.name for one in own}
    there = sorted(_defined(tree) - names)
    if there and not name.startswith("resources."):
        lines.append(f"from aioemnify.{name} import {', '.join(there)}")
    lines = [line for line in lines if line.rpartition(" ")[2] not in names]
    lines += [ast.unparse(ast.fix_missing_locations(_class(one))) for one in own]
    return "\n\n".join(lines) + "\n"


def _defined(tree: ast.Module) -> set[str]:
    """Return the types and variables of types that a module defines."""
    assigned = (one.targets[0] for one in tree.body if isinstance(one, ast.Assign))
    return {one.id for one in assigned if isinstance(one, ast.Name)} | {one.name for one in _classes(tree)}


def _imports(tree: ast.Module, homes: Mapping[str, str]) -> Iterator[str]:
    """Yield an import for each name; what is not used is removed later."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            yield ast.unparse(one)
        elif isinstance(one, ast.ImportFrom) and one.module != "__future__":
            for alias in one.names:
                module = one.module
                if alias.name in homes and not str(module).startswith("aioemnify.models"):
                    module = homes[alias.name]
                yield f"from {module} import {ast.unparse(alias)}"


def _class(one: ast.ClassDef) -> ast.ClassDef:
    kept: list[ast.stmt] = []
    for part in one.body:
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if part.name == "__init__":
                kept += _attributes(part)
            if _is_public(part.name) and (part.name != "__init__" or one.name in MADE_BY_USERS):
                kept.append(part)
        elif part is one.body[0] or (
            isinstance(part, ast.AnnAssign) and _is_public(ast.unparse(part.target))
        ):
            kept.append(part)
    return ast.ClassDef(
        name=one.name,
        bases=[_Rewriter().visit(base) for base in one.bases if ast.unparse(base) != "AsyncOnly"],
        keywords=[],
        decorator_list=[],
        body=[_Rewriter().visit(part) for part in kept],
    )


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name != "__slots__")


def _attributes(init: ast.AST) -> Iterator[ast.AnnAssign]:
    """Yield the public attributes that ``__init__`` declares."""
    for part in ast.walk(init):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Attribute):
            target = ast.Name(part.target.attr, ast.Store())
            if _is_public(target.id):
                yield ast.AnnAssign(target, part.annotation, None, simple=1)


class _Rewriter(ast.NodeTransformer):
    """Rewrites a member of a class for its stub."""

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit_FunctionDef(ast.FunctionDef(**dict(ast.iter_fields(node))))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        text = ast.get_docstring(node)
        node.body = [ast.Expr(ast.Constant(... if text is None else text))]
        if node.name == "__await__":
            assert isinstance(node.returns, ast.Subscript)
            assert isinstance(node.returns.slice, ast.Tuple)
            node.name, node.returns = "page", node.returns.slice.elts[-1]
            node.body = [ast.Expr(ast.Constant("Fetch one page: that of ``page=``, or the first."))]
        node.name = _NAMES.get(node.name, node.name)
        node.args.defaults = list(map(_default, node.args.defaults))
        node.args.kw_defaults = [one and _default(one) for one in node.args.kw_defaults]
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            for pattern, here in _WORDS:
                node.value = re.sub(pattern, here, node.value)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = _NAMES.get(node.id, node.id)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Replace what a function is awaited for by what it returns."""
        self.generic_visit(node)
        return node.slice if ast.unparse(node.value) == "Awaitable" else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Drop the second of two types that have become the same."""
        self.generic_visit(node)
        return node.left if ast.dump(node.left) == ast.dump(node.right) else node


def _default(value: ast.expr) -> ast.expr:
    return value if isinstance(value, ast.Constant) else ast.Constant(...)

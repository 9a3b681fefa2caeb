"""The command: ``python -m codegen [--check | --diff REV | --compare FILE]``, and the folders to use.

Exit status: 0 if everything is up to date or was written, 1 if ``--check``, ``--diff`` or ``--compare``
found a difference, 2 if a schema, a revision, a file or the output cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.api import Api
    from codegen.write import Target

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "aioemnify"
DOCS = ROOT / "docs" / "reference"
FOLDERS = ("models", "resources", "tables", "blocking/_stubs")
OPENAPI = "openapi.json"
COMMAND = "nox -s codegen"


def generate(api: Api, output: Path, docs: Path | None) -> list[Target]:
    """Generate every file and compare each with the one on disk."""
    from codegen.blocking_stubs import blocking_stubs
    from codegen.body_types import body_types_module
    from codegen.composed_methods import composed_methods
    from codegen.examples import example
    from codegen.filter_types import filters_module
    from codegen.fleet_methods import fleet_methods
    from codegen.library.pages import library_pages
    from codegen.lookup_names import lookup_names_module
    from codegen.models import model_modules
    from codegen.openapi.document import MARK as OPENAPI_MARK
    from codegen.openapi.document import openapi_text
    from codegen.reference import MARK, reference_pages, slug
    from codegen.resources import resource_modules
    from codegen.tables import table_modules
    from codegen.with_response import with_response_module
    from codegen.write import file_target, formatted, package_target, pages_target

    composed = composed_methods(api)
    more = {name: [*methods, *composed[name]] for name, methods in fleet_methods(api).items()}
    resources = resource_modules(api, more)
    resources["bodies.py"] = body_types_module(api.schema, api.operations)
    resources["filters.py"] = filters_module(api.schema, api.operations, api.sorts)
    resources["lookup_names.py"] = lookup_names_module(api.schema)
    resources["_with_response.py"] = with_response_module(api)
    files = {f"models/{name}": text for name, text in model_modules(api.schema).items()}
    files |= {f"resources/{name}": text for name, text in resources.items()}
    files |= {f"tables/{name}": text for name, text in table_modules(api).items()}
    files |= {f"blocking/_stubs/{name}": text for name, text in blocking_stubs(PACKAGE, resources).items()}
    document = file_target(output, OPENAPI, openapi_text(api), OPENAPI_MARK)
    if docs is None:
        return [package_target(output, formatted(files), FOLDERS), document]
    samples = {f"examples/{one.id}.py": example(api, one) for one in api.operations}
    finished = formatted(files | samples)
    examples = {one.id: finished.pop(f"examples/{one.id}.py") for one in api.operations}
    pages = pages_target(docs, reference_pages(api, examples, more), MARK)
    if not (output / "client.py").is_file():  # other output has no hand-written modules
        return [package_target(output, finished, FOLDERS), document, pages]
    links = {name: f"../{model.module}.md#{slug(name)}" for name, model in api.models.items()}
    calls = {
        f"emnify.{one.id}": f"../{one.document.module}.md#{slug(f'emnify.{one.id}')}"
        for one in api.operations
    }
    library = pages_target(docs / "library", library_pages(output, finished, links, calls), MARK)
    return [package_target(output, finished, FOLDERS), document, pages, library]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Write the models, the calls, their reference and an OpenAPI document from the schema.",
        epilog="Exit status: 0 up to date or written, 1 difference found, 2 unusable schema or output.",
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file is out of date"
    )
    instead.add_argument(
        "--diff",
        metavar="REV",
        help="write nothing; print the changes to the schema since REV as Markdown for a changelog; "
        "REV is a git revision or the folder of the older schema",
    )
    instead.add_argument(
        "--compare",
        type=Path,
        metavar="FILE",
        help="write nothing; list how an OpenAPI description of this API (2.0, or 3.0 to 3.2; JSON or YAML) "
        "differs from the schema, by file and line of the schema",
    )
    parser.add_argument(
        "--schema", type=Path, default=ROOT / "schema", metavar="DIR", help="the schema folder"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="the package (default: src/aioemnify)")
    parser.add_argument(
        "--docs",
        type=Path,
        metavar="DIR",
        help="the folder of the reference (default: docs/reference; with --output alone, none is written)",
    )
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except ModuleNotFoundError as error:
        print(
            f"codegen needs {error.name}: run nox -s codegen, or pip install --group codegen (pip 25.1 or "
            "newer)",
            file=sys.stderr,
        )
        return 2


def _run(options: argparse.Namespace) -> int:
    from codegen.diff.history import HistoryError
    from codegen.load import SchemaError
    from codegen.write import OutputError

    try:
        if options.diff is not None:
            return _diff(options)
        if options.compare is not None:
            return _compare(options)
        return _generate(options)
    except (SchemaError, OutputError, HistoryError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _diff(options: argparse.Namespace) -> int:
    from codegen.api import read_api
    from codegen.diff.changelog import changelog
    from codegen.diff.comparison import compare
    from codegen.diff.history import HistoryError, schema_at
    from codegen.load import SchemaError

    new = read_api(options.schema, options.schema.resolve().name)
    with schema_at(options.diff, options.schema) as (folder, shown):
        try:
            old = read_api(folder, shown)
        except SchemaError as error:
            raise HistoryError(f"this codegen cannot read the older schema: {error}") from None
    text = changelog(compare(old, new))
    sys.stdout.write(text)
    return 1 if text else 0


def _compare(options: argparse.Namespace) -> int:
    from codegen.api import read_api
    from codegen.compare.comparison import compare_with
    from codegen.compare.findings import report

    text = report(compare_with(read_api(options.schema, options.schema.resolve().name), options.compare))
    sys.stdout.write(text)
    return 1 if text else 0


def _generate(options: argparse.Namespace) -> int:
    from codegen.api import read_api
    from codegen.write import write

    output = options.output or PACKAGE
    docs = options.docs or (DOCS if options.output is None else None)
    # Reading first reports a broken schema before the model generator is loaded, which takes longer.
    api = read_api(options.schema, options.schema.resolve().name)
    targets = generate(api, output, docs)
    if not options.check:
        changed = write(targets)
        print(f"codegen: {sum(len(target.made) for target in targets)} files, {changed} changed")
        return 0
    found = [(target.folder / name, why) for target in targets for name, why in target.differences().items()]
    for file, why in found:
        print(f"{file}: {why}", file=sys.stderr)
    if found:
        print(f"The generated files are out of date. Run: {COMMAND}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

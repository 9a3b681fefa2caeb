"""The command: ``python -m codegen [--check] [--diff] [--schema DIR] [--output DIR]``.

Exit status: 0 when the output is up to date or was written, 1 when ``--check`` or
``--diff`` found a difference, 2 when the schema or the output cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("models", "resources")
COMMAND = "nox -s codegen"


def generate(folder: Path, shown: str) -> dict[str, str]:
    """Return every generated file, finished, by path below the output folder."""
    from codegen.check import check_models
    from codegen.filters import filters_module
    from codegen.limits import read_codes, read_limits
    from codegen.load import load
    from codegen.operations import read_operations
    from codegen.write import formatted

    schema = load(folder, shown)
    check_models(schema)
    operations = read_operations(schema)
    limits, codes = read_limits(schema), read_codes(schema)

    # These load the model generator, which takes longer than reading a broken schema.
    from codegen.models import model_modules
    from codegen.resources import resource_modules
    from codegen.tables import errors_module, limits_module, operations_module

    resources = resource_modules(schema, operations, limits)
    resources["_operations.py"] = operations_module(operations)
    resources["_limits.py"] = limits_module(limits)
    resources["_errors.py"] = errors_module(codes)
    resources["_filters.py"] = filters_module(schema)
    files = {f"models/{name}": text for name, text in model_modules(schema).items()}
    files |= {f"resources/{name}": text for name, text in resources.items()}
    return formatted(files)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m codegen", description="Generate models and resources.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when the output is out of date"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    parser.add_argument(
        "--schema", type=Path, default=ROOT / "schema", metavar="DIR", help="the schema folder"
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "src" / "aioemnify", metavar="DIR", help="the package"
    )
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except ModuleNotFoundError as error:
        print(f"codegen needs {error.name}: pip install --group codegen", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    from codegen.load import SchemaError
    from codegen.write import OutputError, diff, differences, standing, write

    try:
        made = generate(options.schema, options.schema.resolve().name)
        there = standing(options.output, FOLDERS)
        if not (options.check or options.diff):
            changed = write(options.output, made, there)
            print(f"codegen: {len(made)} files, {len(changed)} changed")
            return 0
    except (SchemaError, OutputError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.diff:
        sys.stdout.writelines(diff(made, there))
    found = differences(made, there)
    if options.check:
        for name, matter in found.items():
            print(f"{options.output / name}: {matter}", file=sys.stderr)
        if found:
            print(f"The generated code is out of date. Run: {COMMAND}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

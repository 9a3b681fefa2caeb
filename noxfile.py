"""The project's tasks, each in its own environment.

``nox --list`` lists them. All dependencies come from the extras and dependency groups in
``pyproject.toml``. virtualenv creates the environments, because it needs neither the ``venv`` nor the
``ensurepip`` module. Environments are reused, and each run updates their packages.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_external_run = True
nox.options.sessions = ["tests", "lint", "types", "codegen_check"]

PROJECT = nox.project.load_toml("pyproject.toml")
EXTRAS = ",".join(PROJECT["project"]["optional-dependencies"])
TYPED = ("src", "benchmarks", "codegen", "examples", "pictures", "noxfile.py")
NOT_IN_THE_WHEEL = ("schema/", "benchmarks/", "codegen/", "pictures/", "tests/", "examples/", "docs/")
LARGEST_WHEEL = 1_500_000
"""Bytes. Models, operations and the OpenAPI document are most of it."""

TRIED = (
    "tests/client",
    "tests/fleet/test_job.py",
    "tests/serialization",
    "tests/test_readme.py::test_the_first_sample_is_a_program_that_prints_what_stands_below_it",
    "tests/transport",
)
"""What every combination of Python and dependencies has to pass: the client, jobs and the simulator."""

ONLY_IN_THE_SDIST = (
    "schema/limits.yaml",
    "codegen/__main__.py",
    "docs/reference/index.md",
    "tests/test_import_rules.py",
    "noxfile.py",
    "src/aioemnify/stores/lua/prelude.lua",
)


def prepare(session: nox.Session, *groups: str, package: str | None = None) -> None:
    """Install the dependencies of a session in one resolution.

    Args:
        session: The running session.
        groups: Names of dependency groups in ``pyproject.toml``.
        package: This project, as ``"."`` or with extras as ``".[all]"``. It is installed the way
            users install it, not as a link to the source tree.
    """
    # nox may have been started through PYTHONPATH; the session must not use it.
    session.env["PYTHONPATH"] = None
    requirements = nox.project.dependency_groups(PROJECT, *groups)
    session.install(*([package] if package else []), *requirements)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests against the installed package, on every core; arguments after -- go to pytest.

    ``-- -n 0`` runs them in one process.
    """
    prepare(session, "tests", "bench", "codegen", package=".[all]")
    # Tests that share a server of their module stay together but for those that an idle worker steals.
    session.run("python", "-m", "pytest", "-n", "auto", "--dist", "worksteal", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and the import rules."""
    prepare(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-cache", "--no-logo", env={"PYTHONPATH": "src"})


@nox.session
def types(session: nox.Session) -> None:
    """Check all types except those of the tests strictly, and that users see all public types.

    ``tests/typing`` is user code: correct code that must pass, and mistakes that must be found.
    """
    prepare(session, "types", "bench", "codegen", "demo", "pictures", package=".[all]")
    session.run("mypy", *(session.posargs or (*TYPED, "tests/typing")))
    session.run("pyright", "--project", "tests/typing", silent=True)
    session.run("pyright", "--verifytypes", "aioemnify", "--ignoreexternal", silent=True)


@nox.session
def codegen(session: nox.Session) -> None:
    """Generate code, OpenAPI document and reference; -- --diff REV or --compare FILE only list changes."""
    prepare(session, "codegen")
    # These exit with status 1 if something differs, which is not a failure.
    found = (0, 1) if any(one.startswith(("--diff", "--compare")) for one in session.posargs) else (0,)
    session.run("python", "-m", "codegen", *session.posargs, success_codes=found)


@nox.session
def codegen_check(session: nox.Session) -> None:
    """Fail if the committed code, OpenAPI document or reference is out of date."""
    prepare(session, "codegen")
    session.run("python", "-m", "codegen", "--check")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site into build/site, and check its links, anchors, sizes and sources."""
    prepare(session, "docs")
    session.run("python", "-m", "codegen.site")


@nox.session
def demo(session: nox.Session) -> None:
    """Run the demo: a client manages a fleet on the simulator, over TLS."""
    prepare(session, "demo", package=".[all]")
    session.run("python", "examples/fleet_day.py", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Make the badges, terminals and screenshots of README.md and the guides: -- badges terminals.

    Screenshots take two minutes, and need Chromium on the PATH.
    """
    prepare(session, "pictures", package=".[all]")
    session.run("python", "-m", "pictures", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure everything, and write docs/performance.md and a table of README.md from the figures.

    Arguments after -- go to the benchmarks instead: ``-- headline`` prints the most important figures,
    ``-- throttling`` those of one suite, ``-- client.calls`` those of one case, ``-- --short`` only checks
    that everything runs, and ``-- page`` only writes the page.
    """
    prepare(session, "bench", package=".[all]")
    if session.posargs:
        session.run("python", "-m", "benchmarks", *session.posargs)
    else:
        session.run("python", "-m", "benchmarks", "--results")
        session.run("python", "-m", "benchmarks", "page")


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the client in small ways and see whether the tests notice: -- --sample 200 --seed 1."""
    prepare(session, "tests", "mutants", package=".[all]")
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session
def campaign(session: nox.Session) -> None:
    """Let faults at random break calls, and read odd answers: -- --schedules 2000 --answers 10000 --seed 1.

    ``-- --short`` is what every change must pass, ``-- --soak 600`` watches a long load for growth.
    """
    prepare(session, "tests", package=".[all]")
    session.run("python", "-m", "tests.campaign", *session.posargs)


@nox.session
def kills(session: nox.Session) -> None:
    """Kill jobs, sweeps, mirrors and plans at random; the simulator says what was lost: -- --runs 500.

    ``-- --hosts --runs 50`` does so with jobs of three workers on one Redis.
    """
    prepare(session, "tests", package=".[all]")
    session.run("python", "-m", "tests.fleet.kills", *session.posargs)


@nox.session
def licences(session: nox.Session) -> None:
    """Write docs/licences.md from the metadata of everything that users can install; -- --check compares."""
    prepare(session, "licences", package=f".[{EXTRAS}]")
    session.run("python", "-m", "codegen.licences", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel, check contents, size, imports and types, and compare the list of licences.

    What users do with the wheel is tried in an environment that has nothing but its dependencies.
    """
    prepare(session, "build")
    dist = Path("dist")
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist), silent=True)
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    check_contents(session, wheel, sdist)

    clean = Path(session.create_tmp()).resolve() / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    session.run("python", "-m", "virtualenv", "--quiet", str(clean))
    python = str(clean / "bin" / "python")
    session.run(python, "-m", "pip", "install", "--quiet", str(wheel), external=True)
    checks = Path("tests/release").resolve()
    user = Path("tests/typing/found.py").resolve()
    with session.chdir(clean):  # no module comes from the source tree
        session.run(python, "-I", str(checks / "imports.py"), external=True)
        session.run("mypy", "--strict", "--python-executable", python, "--config-file=", str(user))
    session.run(python, "-m", "pip", "install", "--quiet", f"{wheel}[{EXTRAS}]", "packaging", external=True)
    session.run(python, "-m", "codegen.licences", "--check", external=True)


@nox.session(python=nox.project.python_versions(PROJECT), reuse_venv=False)
@nox.parametrize("dependencies", ["lowest", "newest"])
def environments(session: nox.Session, dependencies: str) -> None:
    """Try the wheel in dist/ with each Python, with the lowest and the newest dependencies.

    ``--error-on-missing-interpreters`` fails where a Python is missing, instead of skipping it. Arguments
    after -- are tests to run instead. ``build/environments`` then has the versions that were tried.
    """
    wheels = list(Path("dist").glob("*.whl"))
    if len(wheels) != 1:
        session.error("dist/ must have one wheel: run nox -s build")
    session.env["PYTHONPATH"] = None
    session.install("uv")
    resolution = {"lowest": "lowest-direct", "newest": "highest"}[dependencies]
    # Of versions without a wheel for this Python, users would have to compile the source.
    install = ("uv", "pip", "install", "--quiet", "--only-binary", ":all:")
    # The wheel's own requirements would not count as direct ones.
    session.run(*install, "--resolution", resolution, "--all-extras", "-r", "pyproject.toml")
    session.run(*install, "--no-deps", str(wheels[0]))
    session.run("uv", "pip", "check")
    session.run("emnify", "--help", silent=True)

    version = session.run("python", "--version", silent=True)
    installed = session.run("pip", "freeze", "--exclude", "uv", "--exclude", "aioemnify", silent=True)
    versions = Path("build/environments", f"{session.python}-{dependencies}.txt")
    versions.parent.mkdir(parents=True, exist_ok=True)
    versions.write_text(f"# {version}{installed}", encoding="utf-8")
    group = nox.project.dependency_groups(PROJECT, "environments")
    session.run(*install, "--constraint", str(versions), *group)
    tests = session.posargs or TRIED
    if dependencies == "lowest":  # what old packages warn of is repaired in newer ones
        options = ["-W", "default::DeprecationWarning", "--disable-warnings", *tests]
    else:  # the tests of the plugin turn all warnings into errors
        options = [*tests, *([] if session.posargs else ["tests/test_pytest_plugin.py"])]
    session.run("python", "-m", "pytest", "-q", "-n", "auto", *options)


def check_contents(session: nox.Session, wheel: Path, sdist: Path) -> None:
    """Fail the session if a distribution has unexpected files or lacks some."""
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    if stray := sorted(name for name in in_wheel if name.startswith(NOT_IN_THE_WHEEL)):
        session.error(f"{wheel.name} has files that only developers need: {', '.join(stray)}")
    scripts = {str(path.relative_to("src")) for path in Path("src/aioemnify/stores/lua").glob("*.lua")}
    if missing := sorted({"aioemnify/py.typed", "aioemnify/openapi.json", *scripts} - in_wheel):
        session.error(f"{wheel.name} lacks {', '.join(missing)}")
    if missing := [name for name in ONLY_IN_THE_SDIST if name not in in_sdist]:
        session.error(f"{sdist.name} lacks {', '.join(missing)}")
    size = wheel.stat().st_size
    if size > LARGEST_WHEEL:
        session.error(f"{wheel.name} has {size:,} bytes, more than {LARGEST_WHEEL:,}")
    session.log(f"{wheel.name}: {len(in_wheel)} files, {size:,} bytes; {sdist.name}: {len(in_sdist)} files")

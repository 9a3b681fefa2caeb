"""The reference: its pages are complete, their links work and their examples are correct."""
# ruff: noqa: E501 - a line of a page is compared whole

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.api import Api, read_api
from codegen.markdown import code, escape, linked, prose, table
from codegen.reference import slug
from tests.codegen.conftest import ROOT, TINY, Run, contents
from tests.codegen.schema_edit import SchemaEdit

pytest.importorskip("datamodel_code_generator", reason="needs the codegen dependency group")

HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)]*)\)")
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(`+)(.+?)\1(?!`)")
VALUE = re.compile(r"^\| `(\w+)` \| `(int|str)(?: \\\| str)?` \| required \|", re.MULTILINE)
"""A value of a path in the table of parameters."""


@pytest.fixture(scope="module")
def written(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the real schema: ``package`` and ``docs``."""
    folder = tmp_path_factory.mktemp("reference")
    done = run("--output", folder / "package", "--docs", folder / "docs")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(written: Path) -> dict[str, str]:
    """The pages of the real schema, by name."""
    return {name: data.decode() for name, data in contents(written / "docs").items()}


@pytest.fixture(scope="module")
def tiny_page(run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tiny_reference")
    done = run("--schema", TINY, "--output", folder / "package", "--docs", folder / "docs")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(contents(folder / "docs")) == ["common.md", "index.md", "refs.md", "things.md"]
    return (folder / "docs" / "things.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def api() -> Api:
    return read_api(ROOT / "schema", "schema")


def without_code(text: str) -> str:
    """Return Markdown without its code; a link's text may be code, and stays a link."""
    return SPAN.sub("", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def section(page: str, heading: str) -> str:
    return page.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]


def test_every_operation_and_every_model_has_one_heading(pages: dict[str, str], api: Api) -> None:
    for operation in api.operations:
        assert (
            Counter(HEADING.findall(pages[f"{operation.document.module}.md"]))[f"emnify.{operation.id}"] == 1
        )
    for model in api.models.values():
        assert Counter(HEADING.findall(pages[f"{model.module}.md"]))[model.name] == 1


def test_every_link_has_a_target(pages: dict[str, str]) -> None:
    anchors = {name: Counter(map(slug, HEADING.findall(text))) for name, text in pages.items()}
    for name, text in pages.items():
        links = LINK.findall(text)
        assert links, name
        for link in links:
            if link.startswith("../"):
                assert (ROOT / "docs" / link[3:]).is_file(), f"{name}: {link}"
                continue
            page, _, anchor = link.partition("#")
            assert not anchor or anchors[page or name][anchor] == 1, f"{name}: {link}"
            assert page in ("", *pages), f"{name}: {link}"


def test_every_table_is_whole(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        width = 0
        for line in text.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line))
            if not line.startswith("|"):
                width = 0
                assert "<" not in without_code(line).replace("\\<", "") or line.startswith("<!-- "), (
                    name,
                    line,
                )
                continue
            assert cells == (width or cells), f"{name}: {line}"
            width = cells


def test_no_page_ends_in_blanks_or_has_empty_parts(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert "\n\n\n" not in text, name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), name
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name


def test_an_operation_is_described_in_full(tiny_page: str) -> None:
    assert section(tiny_page, "emnify.things.list") == textwrap.dedent("""
        List things.

        ```text
        emnify.things.list(
            *,
            filter=None,
            q=None,
            sort=None,
            page=None,
            page_size=None,
            options=None,
        ) -> Pages[Thing]
        ```

        `GET /api/v1/thing`

        - Limit: 10 calls/s, burst 5, per organisation.
        - Retry: retried if the response is lost.
        - Sorts by `id`; by `id` by default.

        | Parameter | Type | Default | Description |
        | --- | --- | --- | --- |
        | `filter` | `ThingFilter \\| None` | `None` | Fields to filter by; an unknown field raises an error before the call is sent. |
        | `q` | `str \\| None` | `None` | The filter as raw text, instead of filter. |
        | `sort` | `ThingSort \\| Sequence[ThingSort] \\| None` | `None` | Fields to sort by, with - for descending: id. |
        | `page` | `int \\| None` | `None` | The first page to return, from 1. |
        | `page_size` | `int \\| None` | `None` | Items per page: 5 by default, at most 9. |

        `filter` is a `ThingFilter`: The fields to filter the list by.

        | Field | Takes | Note |
        | --- | --- | --- |
        | `id` | `int \\| Sequence[int] \\| None` | Accepts up to 6 alternatives. |
        | `from` | `datetime \\| str \\| None` | Must be given together with until. |
        | `until` | `datetime \\| str \\| None` | Must be given together with from. |
        | `color` | [`Color`](common.md#color) `\\| ColorName \\| int \\| Sequence[`[`Color`](common.md#color) `\\| ColorName \\| int] \\| None` | Accepts up to 6 alternatives. |

        **Returns:** `Pages[`[`Thing`](#thing)`]` (200). Await it to get one page, or iterate over all items.

        ```python
        from aioemnify.models import Color

        async for thing in emnify.things.list(filter={"color": Color.RED}, sort="-id"):
            print(thing.id, thing.color, thing.owner)
        ```
        """)


def test_a_write_lists_its_body_its_lane_and_its_errors(tiny_page: str) -> None:
    text = section(tiny_page, "emnify.things.create")
    for line in (
        "await emnify.things.create(body, *, options=None) -> Created",
        "- Serialised: one thing write at a time per organisation.",
        "**Body:** [`ThingCreate`](#thingcreate), or a mapping of the same members.",
        "| `token` | `str` | yes | Secret: not shown in a repr. |",
        "| `color` | [`Color`](common.md#color) `\\| int` |  |  |",
        "| `owner` | [`IdRef`](refs.md#idref) `\\| int \\| None` |  |  |",
        "| `lock` | [`KeyLock`](#keylock) `\\|` [`CodeLock`](#codelock) |  |  |",
        "**Returns:** `Created` (201).",
        "| 422 | `ValidationError` | It cannot be made. |",
        'created = await emnify.things.create(ThingCreate(name="name", token="token"))',
        "print(created.id)",
    ):
        assert line in text.splitlines(), line


def test_path_values_required_parameters_and_deprecation(tiny_page: str) -> None:
    text = section(tiny_page, "emnify.things.get_part")
    for line in (
        "await emnify.things.get_part(",
        "    thing_id,",
        ") -> Thing",
        "**Deprecated:** Use something else.",
        "| `thing_id` | `int \\| str` | required | Id of the thing. |",
        '| `class_` | `Literal["big", "small"]` | required |  |',
        "| `deep` | `bool` | required |  |",
        "| `from_` | `date \\| str \\| None` | `None` |  |",
        'thing = await emnify.things.get_part(thing_id, "big", deep=True)',
        "print(thing.id, thing.color, thing.owner)",
    ):
        assert line in text.splitlines(), line


def test_the_types_of_members_are_those_of_the_classes(api: Api, written: Path) -> None:
    """The model generator writes the classes; the reference describes the same types independently."""
    for model in api.models.values():
        # A name that a member hides is imported under an alias, and a later class is named as text.
        source = (written / "package" / "models" / f"{model.module}.py").read_text(encoding="utf-8")
        [found] = [
            node
            for node in ast.parse(source).body
            if isinstance(node, ast.ClassDef) and node.name == model.name
        ]
        annotations = {
            node.target.id: ast.unparse(node.annotation).replace("Date", "date").replace("'", "")
            for node in found.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for member in model.members.values():
            alternatives = set(annotations[member.name].split(" | "))
            described = set(member.text.split(" | "))
            if not member.required and alternatives != {"Any"}:
                described.add("UnsetType" if model.body else "None")
            assert described == alternatives, f"{model.name}.{member.name}"


def test_every_example_is_python(pages: dict[str, str], api: Api) -> None:
    examples = [example for page in pages.values() for example in EXAMPLE.findall(page)]
    assert len(examples) == len(api.operations)
    for example in examples:
        compile(example, "example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_every_example_is_of_the_right_types(pages: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="needs mypy")
    parts = ["from aioemnify import Emnify"]
    for name, page in pages.items():
        for number, text in enumerate(page.split("\n### ")):
            for example in EXAMPLE.findall(text):
                values = {one: kind for one, kind in VALUE.findall(text) if re.search(rf"\b{one}\b", example)}
                given = "".join(f", {one}: {kind}" for one, kind in values.items())
                head = f"async def {Path(name).stem}_{number}(emnify: Emnify{given}) -> None:\n"
                parts.append(head + textwrap.indent(example, "    "))
    file = tmp_path / "examples.py"
    file.write_text("\n".join(parts), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}", str(file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == "Success: no issues found in 1 source file\n"


HOSTILE = "a|b <i>c</i> *d* _e_ `f` [g](h) &amp; ~~i~~ \\ snake_case"


def test_text_that_looks_like_markup_stays_text(tiny: Path, run: Run) -> None:
    schema = SchemaEdit(tiny)
    schema.operation("things.list")["summary"] = HOSTILE
    schema.operation("things.list")["description"] = f"# {HOSTILE}\n\n1. {HOSTILE}\n\n- {HOSTILE}"
    schema.operation("things.get_part")["parameters"][0]["description"] = HOSTILE
    schema.model("Thing")["properties"]["color"]["description"] = HOSTILE
    schema.model("Thing")["properties"]["no"]["enum"] = ["a|b", "`"]
    schema.save()
    docs = tiny.parent / "docs"
    done = run("--schema", tiny, "--output", tiny.parent / "package", "--docs", docs)
    assert (done.returncode, done.stderr) == (0, "")
    page = (docs / "things.md").read_text(encoding="utf-8")
    tame = "a\\|b \\<i\\>c\\</i\\> \\*d\\* \\_e\\_ \\`f\\` \\[g\\](h) \\&amp; \\~~i\\~~ \\\\ snake_case"
    lines = section(page, "emnify.things.list").split("\n")
    assert lines[1] == tame
    for line in (f"\\# {tame}", f"1\\. {tame}", f"\\- {tame}"):
        assert line in lines
    assert f"| `thing_id` | `int \\| str` | required | {tame} |" in page
    assert f"| `color` | [`Color`](common.md#color) |  | {tame} |" in page
    assert "Known values: `a\\|b`, `` ` ``." in page


def test_the_pieces_of_markdown() -> None:
    assert escape(" two\nlines ") == "two lines"
    assert prose("+ one\n\n12) two\n\n= three") == "\\+ one\n\n12\\) two\n\n\\= three"
    assert code("a``b") == "```a``b```"
    assert linked("dict[str, A] | B", {"A": "#a"}) == "`dict[str,` [`A`](#a)`] \\| B`"
    assert table(("A", "B"), [("1", ""), ("2", "")]) == "| A |\n| --- |\n| 1 |\n| 2 |"


@pytest.fixture
def docs(tiny_output: Path, tmp_path: Path) -> Path:
    """A reference of the tiny schema and a copy of its package, which a test may change."""
    shutil.copytree(tiny_output, tmp_path / "package")
    docs = tmp_path / "docs"
    assert main(arguments(docs)) == 0
    return docs


def arguments(docs: Path, *more: str) -> list[str]:
    return ["--schema", str(TINY), "--output", str(docs.parent / "package"), "--docs", str(docs), *more]


def test_check_names_pages_that_differ_are_missing_or_stale(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(docs, "--check")) == 0
    (docs / "things.md").write_text((docs / "things.md").read_text("utf-8") + "Mine.\n", encoding="utf-8")
    (docs / "common.md").rename(docs / "old.md")
    before = contents(docs)
    capsys.readouterr()
    assert main(arguments(docs, "--check")) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{docs / 'common.md'}: is missing",
        f"{docs / 'old.md'}: is stale: the schema no longer generates it",
        f"{docs / 'things.md'}: is out of date",
        "The generated files are out of date. Run: nox -s codegen",
    ]
    assert contents(docs) == before


def test_a_run_repairs_its_pages_and_keeps_those_written_by_hand(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(docs)
    (docs / "common.md").rename(docs / "old.md")
    mine = {"mine.md": b"# Mine\n", "deeper/common.md": b"# Mine too\n", "picture.svg": b"<svg/>"}
    (docs / "deeper").mkdir()
    for name, data in mine.items():
        (docs / name).write_bytes(data)
    capsys.readouterr()
    assert main(arguments(docs)) == 0
    assert capsys.readouterr().out == "codegen: 30 files, 2 changed\n"
    assert contents(docs) == before | mine


def test_a_page_written_by_hand_is_not_replaced(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docs / "things.md").write_text("# Mine\n", encoding="utf-8")
    (docs / "common.md").unlink()
    before = contents(docs)
    assert main(arguments(docs)) == 2
    assert capsys.readouterr().err == f"{docs / 'things.md'}: was not written by codegen; move it away\n"
    assert contents(docs) == before


def test_another_output_alone_leaves_the_reference_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codegen.__main__.DOCS", tmp_path / "docs")
    monkeypatch.setattr("codegen.__main__.PACKAGE", tmp_path / "package")
    generated = shutil.ignore_patterns("models", "_stubs", "*.pyc")
    shutil.copytree(ROOT / "src" / "aioemnify", tmp_path / "package", ignore=generated)
    assert main(["--schema", str(TINY), "--output", str(tmp_path / "other")]) == 0
    assert sorted(part.name for part in tmp_path.iterdir()) == ["other", "package"]
    assert not (tmp_path / "package" / "models").exists()
    assert main(["--schema", str(TINY)]) == 0
    assert sorted(part.name for part in tmp_path.iterdir()) == ["docs", "other", "package"]
    assert (tmp_path / "package" / "models").is_dir()
    assert "## Emnify\n" in (tmp_path / "docs" / "library" / "client.md").read_text("utf-8")

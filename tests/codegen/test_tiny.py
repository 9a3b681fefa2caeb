"""Every feature of the schema, and the Python generated from it."""

from __future__ import annotations

from pathlib import Path

import pytest


def lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "line",
    [
        "id: int",
        'color: Color | None = attrs.field(default=None, metadata={"intern": True})',
        'owner: IdRef | None = attrs.field(default=None, metadata={"intern": True})',
        "mood: Mood | None = None",
        'size: Size | None = attrs.field(default=None, metadata={"intern": True})',
        "made: Timestamp | None = None",
        "price: Decimal | None = None",
        "password: str | None = attrs.field(default=None, repr=False)",
        "series: list[tuple[str, float]] | None = None",
        "no: str | None = None",
        '"""One of a, b."""',
        "any: Any = None",
        "token: str = attrs.field(repr=False)",
        "color: Color | int | UnsetType = UNSET",
        "owner: IdRef | int | None | UnsetType = UNSET",
        "others: list[IdRef | int] | UnsetType = UNSET",
        "note: str | None | UnsetType = UNSET",
        "price: float | UnsetType = UNSET",
        "lock: KeyLock | CodeLock | UnsetType = attrs.field(",
        'default=UNSET, metadata={"selected_by": ("lock_kind", {"key": "KeyLock", "code": "CodeLock"})}',
        "locks: list[KeyLock | CodeLock] | UnsetType = UNSET",
        "@attrs.define(kw_only=True)",
        "@attrs.frozen(kw_only=True)",
    ],
)
def test_model_members(tiny_output: Path, line: str) -> None:
    assert line in lines(tiny_output / "models" / "things.py")


@pytest.mark.parametrize(
    "line",
    [
        '"""A colour, "quoted", with a back\\\\slash."""',
        'DARK_BLUE: ClassVar["Color"]',
        'Color.DARK_BLUE = Color(id=2, description="Dark Blue")',
        'Color.COLOR_2G = Color(id=3, description="2G")',
        "description: str | None = attrs.field(default=None, eq=False)",
        'Mood.CALM = Mood(description="CALM")',
        'class_: str | None = attrs.field(default=None, metadata={"wire": "class"})',
        'alternatives: list[str] | None = attrs.field(default=None, metadata={"wire": "or"})',
        'n3g: bool | None = attrs.field(default=None, metadata={"wire": "3g"})',
        "camelCase: str | None = None",
    ],
)
def test_lookups_and_renamed_members(tiny_output: Path, line: str) -> None:
    assert line in lines(tiny_output / "models" / "common.py")


@pytest.mark.parametrize(
    "line",
    [
        'class_: Literal["big", "small"],',
        "deep: bool,",
        "from_: date | str | None = None,",
        ") -> Thing:",
        ") -> Created:",
        ") -> Pages[Thing]:",
        "filter: ThingFilter | None = None,",
        "page_size: int | None = None,",
        "size=page_size,",
        "sort: ThingSort | Sequence[ThingSort] | None = None,",
        "sort: ThingsListBoxedSort | Sequence[ThingsListBoxedSort] | None = None,",
        "box: int | str,",
        "size: Literal[1, 2] | None = None,",
        'query={"deep": deep, "from": from_},',
        "Deprecated: Use something else.",
        "Limit: 7 calls/s, burst 3, per organisation.",
        "Limit: 10 calls/s, burst 5, per organisation.",
        "Limit: only those of the client address and the month.",
        "ValidationError: It cannot be made.",
        "Serialised: one thing write at a time per organisation.",
        "page_size: Items per page: 5 by default, at most 9.",
    ],
)
def test_stubs(tiny_output: Path, line: str) -> None:
    assert line in lines(tiny_output / "resources" / "things.py")


def test_the_operation_table(tiny_output: Path) -> None:
    text = " ".join(lines(tiny_output / "tables" / "operations.py"))
    assert 'retry="once", lane="thing", creates=True,' in text
    assert 'Param("class", "string", choices=("big", "small"))' in text
    assert 'result=Result("things:Thing", either=True)' in text
    assert 'deprecated="Use something else."' in text
    assert 'filter_fields=("id", "from", "until", "color")' in text
    assert 'multi_value_fields=("id", "color"), multi_value_max=6, paired_fields=("from", "until")' in text


def test_an_envelope_stands_in_the_table_and_its_items_in_the_stub(tiny_output: Path) -> None:
    text = " ".join(lines(tiny_output / "tables" / "operations.py"))
    assert 'envelope=Envelope(items="data", total="total", pages="last", page="number")' in text
    assert 'result=Result("things:ThingPage")' in text
    assert 'path_params=(Param("box", "string"),)' in text
    assert 'Param("size", "integer", choices=("1", "2"))' in text
    stub = " ".join(lines(tiny_output / "resources" / "things.py"))
    assert stub.count(") -> Pages[Thing]:") == 2
    assert "ThingPage" not in stub


def test_sort_orders_are_types(tiny_output: Path) -> None:
    text = " ".join(lines(tiny_output / "resources" / "filters.py"))
    assert 'ThingSort: TypeAlias = Literal["id", "-id"]' in text
    assert 'ThingsListBoxedSort: TypeAlias = Literal["id", "-id", "made", "-made"]' in text
    assert '__all__ = [ "ThingFilter", "ThingSort", "ThingsListBoxedSort", ]' in text
    assert not (tiny_output / "resources" / "_filters.py").exists()


def test_a_filter_with_a_keyword_among_its_fields(tiny_output: Path) -> None:
    text = lines(tiny_output / "resources" / "filters.py")
    assert '"from": "datetime | str | None",' in text
    assert '"color": "Color | ColorName | int | Sequence[Color | ColorName | int] | None",' in text

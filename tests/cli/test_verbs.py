"""The hand-made commands: SIMs, endpoints and SMS by name, jobs, limits, api."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aioemnify.cli.commands.limits import pace
from aioemnify.simulator import Answer, DropAfter, Simulator
from tests.cli.conftest import SIMS, Run, write_config


@pytest.fixture
def a_sim(simulator: Simulator, emnify: Run) -> dict[str, str]:
    found = emnify("sims", "get", "1", "-o", "json").json()
    return {
        "iccid": found["iccid"],
        "iccid with check digit": found["iccid_with_luhn"],
        "imsi": found["imsi"],
        "msisdn": found["msisdn"],
        "name": found["endpoint"]["name"],
        "id": str(found["id"]),
    }


@pytest.mark.parametrize("name", ["iccid", "iccid with check digit", "imsi", "name", "id"])
def test_a_sim_by_what_people_call_it(a_sim: dict[str, str], emnify: Run, name: str) -> None:
    assert emnify("sim", "show", a_sim[name], "--columns", "id").out == "1\n"
    assert emnify("sims", "get", a_sim[name], "--columns", "id").out == "1\n"


@pytest.mark.parametrize("kind", ["id", "iccid", "imsi", "msisdn", "name"])
def test_a_prefix_says_what_a_value_is(a_sim: dict[str, str], emnify: Run, kind: str) -> None:
    assert emnify("sim", "show", f"{kind}:{a_sim[kind]}", "--columns", "id").out == "1\n"
    assert emnify("endpoint", "show", f"{kind}:{a_sim[kind]}", "--columns", "id").out == "1\n"


def statuses(emnify: Run, *sims: int) -> list[str]:
    return [emnify("sims", "get", sim, "--columns", "status").out.strip() for sim in sims]


def test_one_sim_is_suspended_and_activated(simulator: Simulator, emnify: Run) -> None:
    assert emnify("sim", "suspend", "pump-1") == (0, "", "SIM 1 is suspended\n")
    assert emnify("sim", "suspend", "1") == (0, "", "SIM 1 is suspended already\n")
    assert statuses(emnify, 1) == ["Suspended"]
    assert emnify("sim", "activate", "1") == (0, "", "SIM 1 is activated\n")


def activated(emnify: Run) -> list[str]:
    return emnify("sims", "list", "-q", "status:activated", "--all", "-o", "name").lines


def test_many_sims_are_one_job_in_few_calls(simulator: Simulator, emnify: Run, home: Path) -> None:
    sims = activated(emnify)
    Path("sims.txt").write_text("# of the warehouse\n\n" + "\n".join(sims) + "\n")
    simulator.clear_requests()
    done = emnify("sim", "suspend", "--file", "sims.txt", "-y")
    assert done.status == 0, done.err
    alone = sum(request.operation == "sims.update" for request in simulator.requests)  # without an endpoint
    assert done.err.startswith(f"{len(sims)} SIMs in {alone + 1} calls, ")
    assert done.err.endswith(f"{len(sims)} ok\n")
    changes = [request.operation for request in simulator.requests if request.method == "PATCH"]
    assert set(changes) <= {"endpoints.update_bulk", "sims.update"}
    assert activated(emnify) == []
    assert list((home / "state").rglob("*.job*")) == []  # all is ok, so nothing is left


def states(report: str) -> list[str]:
    return [row["state"] for row in csv.DictReader(io.StringIO(Path(report).read_text()))]


VERBS = {
    "suspend": ["sim", "suspend"],
    "tag": ["endpoint", "tag", "north"],
    "sms": ["sms", "send", "reboot"],
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_a_file_of_one_line_is_a_job_and_one_without_lines_has_nothing_to_do(
    simulator: Simulator, emnify: Run, home: Path, verb: list[str]
) -> None:
    emnify("tags", "create", "-f", "name=north")
    Path("one.txt").write_text("pump-1\n")
    assert "-y goes on without a question" in emnify(*verb, "--file", "one.txt").err
    done = emnify(*verb, "--file", "one.txt", "-y", "--report", "one.csv")
    assert (done.status, done.err.endswith("1 ok → one.csv\n")) == (0, True)
    assert states("one.csv") == ["ok"]
    Path("none.txt").write_text("# no device today\n")
    done = emnify(*verb, "--file", "none.txt", "-y", "--report", "none.csv")
    assert (done.status, done.err) == (0, "nothing to do → none.csv\n")
    assert states("none.csv") == []


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_one_object_with_a_report_is_a_job(simulator: Simulator, emnify: Run, verb: list[str]) -> None:
    emnify("tags", "create", "-f", "name=north")
    *words, last = verb
    objects = [*words, "1", last] if last == "reboot" else [*verb, "1"]
    assert emnify(*objects, "-y", "--report", "one.csv").status == 0
    assert states("one.csv") == ["ok"]


def test_many_sims_from_stdin_by_iccid(simulator: Simulator, emnify: Run) -> None:
    iccids = emnify("sims", "list", "-q", "status:activated", "--columns", "iccid", "--limit", "40").out
    done = emnify("sim", "suspend", "--file", "-", "-y", stdin=iccids)
    assert done.status == 0
    assert "40 ok" in done.err


def test_nobody_can_be_asked_in_a_pipe(simulator: Simulator, emnify: Run, home: Path) -> None:
    done = emnify("sim", "suspend", "1", "2")
    assert done.status == 2
    assert "-y goes on without a question" in done.err
    assert statuses(emnify, 1, 2) == ["Activated", "Activated"]
    assert list((home / "state").rglob("*.job*")) == []


def test_a_dry_run_of_a_job_tells_its_calls(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sim", "suspend", "1", "2", "--dry-run")
    assert done.out.startswith("2 items: 1 call of endpoints.update_bulk; ")
    assert statuses(emnify, 1, 2) == ["Activated", "Activated"]


def test_a_job_is_looked_at_continued_and_exported(simulator: Simulator, emnify: Run, home: Path) -> None:
    Path("names.csv").write_text("endpoint_id,name,status\n1,one,enabled\n2,,disabled\n987654,three,\n")
    simulator.faults.add(Answer(403), operation="endpoints.update_bulk")
    simulator.faults.add(Answer(403), operation="endpoints.update")
    first = emnify("jobs", "run", "endpoints.update", "names.csv", "--job", "names.job", "-y")
    assert first.status == 7
    assert "emnify jobs resume --retry failed names.job" in first.err
    simulator.faults.reset()
    again = emnify("jobs", "resume", "names.job", "--retry", "failed", "-y")
    assert again.status == 7
    assert "2 ok, 1 failed" in again.err
    shown = emnify("jobs", "show", "names.job")
    assert (shown.status, shown.lines[0]) == (7, "2 of 3 done, 1 failed")
    assert emnify("jobs", "settle", "names.job").status == 7
    assert emnify("jobs", "export", "names.job", "--to", "out.csv").status == 0
    assert states("out.csv") == ["ok", "ok", "failed"]
    assert emnify("jobs", "export", "names.job", "--to", "out.pdf").status == 2
    found = emnify("endpoints", "list", "-q", "id:1", "--columns", "name,status").out
    assert found == "one\tEnabled\n"


def test_jobs_that_are_not_all_ok_are_listed_and_pointed_out(
    simulator: Simulator, emnify: Run, home: Path
) -> None:
    assert emnify("jobs", "list") == (0, "", "no job is left, all are ok\n")
    pointed_out = "of this command is not all ok yet: see 'emnify jobs list'\n"
    Path("rows.csv").write_text("endpoint_id,name\n1,one\n987654,two\n")
    first = emnify("jobs", "run", "endpoints.update", "rows.csv", "-y")
    assert (first.status, pointed_out in first.err) == (7, False)
    folder = home / "state" / "emnify" / "jobs"
    (file,) = folder.glob("*.job")
    file.rename(folder / "20260101-000000-1-endpoints-update.job")  # as that of another process
    assert pointed_out not in emnify("sim", "suspend", "1", "2", "-y").err  # another command
    again = emnify("jobs", "run", "endpoints.update", "rows.csv", "-y")
    assert again.err.startswith(f"1 earlier job {pointed_out}")
    third = emnify("jobs", "run", "endpoints.update", "rows.csv", "--dry-run")
    assert pointed_out not in third.err
    listed = emnify("jobs", "list", "-o", "json").json()
    numbers = {"ok": 1, "waiting": 0, "sent": 0, "failed": 1, "unknown": 0, "skipped": 0}
    assert listed == [{"file": row["file"], **numbers} for row in listed]
    assert [Path(row["file"]) for row in listed] == sorted(folder.glob("*.job"))
    assert len(listed) == 2
    for row in listed:
        assert emnify("jobs", "show", row["file"]).status == 7
        Path(row["file"]).unlink()
    assert emnify("jobs", "list").out == ""


def test_a_job_whose_file_is_damaged_is_listed_too(simulator: Simulator, emnify: Run, home: Path) -> None:
    folder = home / "state" / "emnify" / "jobs"
    folder.mkdir(parents=True)
    (folder / "20261130-131347-1-sms-send.job").write_text("not a database" * 100)
    done = emnify("jobs", "list", "--columns", "file,ok")
    assert (done.status, done.out) == (0, f"{folder / '20261130-131347-1-sms-send.job'}\t\n")
    assert "20261130-131347-1-sms-send.job" in done.err


def test_a_lost_sms_is_looked_for_in_vain_or_sent_again(simulator: Simulator, emnify: Run) -> None:
    simulator.faults.add(DropAfter(), operation="endpoints.send_sms", times=1)
    Path("ids").write_text("1\n2\n")
    done = emnify("sms", "send", "reboot", "--file", "ids", "--job", "sms.job", "-y")
    assert (done.status, "1 ok, 1 unknown" in done.err) == (7, True)
    assert "send them again, perhaps twice, with: emnify jobs resume --retry unknown sms.job\n" in done.err
    assert emnify("jobs", "settle", "sms.job").err.startswith("1 are still unknown\n")
    assert emnify("jobs", "resume", "--retry", "unknown", "sms.job", "-y").status == 0
    simulator.requests.assert_called("endpoints.send_sms", times=3)


def test_a_job_of_another_workspace_is_refused(simulator: Simulator, emnify: Run, home: Path) -> None:
    Path("names.csv").write_text("endpoint_id,name\n1,one\n")
    emnify("jobs", "run", "endpoints.update", "names.csv", "--job", "names.job", "-y")
    with Simulator(sims=1, tls=False) as other:
        write_config(home, other)
        done = emnify("jobs", "resume", "names.job", "-y")
    assert done.status == 10
    assert "use another file" in done.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "rows.csv:1: the first line names the columns; it is empty"),
        ("endpoint_id,nmae\n", "rows.csv:1: endpoints.update has no column 'nmae'; it has endpoint_id, "),
        ("endpoint_id,name,name\n", "rows.csv:1: the column 'name' is there twice"),
        (
            "endpoint_id,name\n1,a\n2,b,c\n",
            "rows.csv:3: has 3 cells, and there are 2 columns; a cell with ',' in it needs double quotes\n",
        ),
        ("endpoint_id,name\n1,a\n2\n", "rows.csv:3: has 1 cells, and there are 2 columns\n"),
        ('endpoint_id,name\n1,"a\n2,b\n', "rows.csv:3: is not CSV: unexpected end of data"),
        (f"endpoint_id,name\n1,{'x' * 200_000}\n", "rows.csv:2: is not CSV: field larger than"),
        ("endpoint_id,name\nx,a\n", "rows.csv:2: endpoint_id: 'x' is not a whole number"),
        ("endpoint_id,name\n--1,a\n", "rows.csv:2: endpoint_id: '--1' is not a whole number"),
        ("endpoint_id,name\n\u00b2,a\n", "rows.csv:2: endpoint_id: '\u00b2' is not a whole number"),
        ("name\na\n", "rows.csv:2: has no endpoint_id"),
        ("endpoint_id,status\n1,enabld\n", "rows.csv:2: status takes enabled, disabled, deleted or an id, "),
        ("endpoint_id,imei_lock\n1,yes\n", "rows.csv:2: imei_lock: 'yes' is not true or false"),
    ],
)
def test_a_wrong_table_is_named_by_file_and_line(
    simulator: Simulator, emnify: Run, content: str, told: str
) -> None:
    Path("rows.csv").write_text(content)
    done = emnify("jobs", "run", "endpoints.update", "rows.csv", "-y")
    assert done.status == 10
    assert done.err.startswith(f"emnify: {told}")
    assert len(simulator.requests) == 0


def test_a_wrong_cell_of_json_is_named_by_file_and_line(simulator: Simulator, emnify: Run) -> None:
    Path("rows.csv").write_text("name,configured_actions\nx,[{]\n")
    done = emnify("jobs", "run", "automations.create", "rows.csv", "-y")
    assert done.status == 10
    assert done.err.startswith("emnify: rows.csv:2: configured_actions: is not JSON: ")
    assert len(simulator.requests) == 0


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_a_spreadsheet_writes_it(simulator: Simulator, emnify: Run, separator: str) -> None:
    rows = ["endpoint_id,name,tags", '1,one,"north, pump; old"']
    cells = separator.join(rows[0].split(",")) + "\r\n" + separator.join(rows[1].split(",", 2)) + "\r\n"
    Path("rows.csv").write_bytes(b"\xef\xbb\xbf" + cells.encode())
    assert emnify("jobs", "run", "endpoints.update", "rows.csv", "-y").status == 0
    assert emnify("endpoint", "show", "1", "--columns", "name,tags").lines == [
        "name\tone",
        "tags\tnorth, pump; old",
    ]


def test_rows_as_json_lines(simulator: Simulator, emnify: Run) -> None:
    rows = '{"endpoint_id": 1, "name": "a", "sim.id": null}\n\n{"endpoint_id": 2, "name": "b"}\n'
    assert emnify("jobs", "run", "endpoints.update", "-", "-y", stdin=rows).status == 0
    assert emnify("endpoint", "show", "name:a", "--columns", "sim.iccid").out == "\n"
    wrong = emnify("jobs", "run", "endpoints.update", "-", "-y", stdin='{"endpoint_id": 1}\n{')
    assert wrong.err.startswith("emnify: -:2: is not JSON")
    assert emnify("jobs", "run", "endpoints.updat", "-").err.endswith("did you mean 'endpoints.update'?\n")


def test_endpoints_are_renamed_tagged_and_reset(simulator: Simulator, emnify: Run) -> None:
    assert emnify("endpoint", "rename", "pump-1", "pump-one").err == "endpoint 1 is called 'pump-one'\n"
    emnify("tags", "create", "-f", "name=north")
    assert emnify("endpoint", "tag", "north", "pump-one").err == "endpoint 1 has the tag 'north'\n"
    assert emnify("endpoint", "tag", "nroth", "1").err == (
        "emnify: there is no tag 'nroth'; did you mean 'north'?\n"
    )
    assert "2 ok" in emnify("endpoint", "tag", "north", "2", "3", "-y").err
    assert len(emnify("endpoints", "list-tags", "2", "-o", "json").json()) == 1
    assert "3 ok" in emnify("endpoint", "untag", "north", "1", "2", "3", "-y").err
    assert emnify("endpoints", "list-tags", "2", "-o", "json").json() == []
    assert emnify("endpoint", "connectivity", "1").lines[0].startswith("status\t")
    assert emnify("endpoint", "reset", "1").err == "the connectivity of endpoint 1 is reset\n"


def test_an_sms_is_sent_and_waited_for(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sms", "send", "1", "reboot", "--wait", "--timeout", "1")
    assert done.out == "1\n"
    assert done.status in (0, 9)
    Path("endpoints.txt").write_text("1\n2\n")
    many = emnify("sms", "send", "reboot", "--file", "endpoints.txt", "--job", "sms.job", "-y")
    assert many.err.startswith("2 messages in 2 calls")
    assert "2 ok" in many.err
    assert emnify("sms", "send", "reboot").status == 2


def test_usage_and_events_of_a_sim(simulator: Simulator, emnify: Run) -> None:
    assert emnify("sim", "usage", "1", "-o", "json").json()[0]["date"]
    emnify("sim", "suspend", "1")
    assert emnify("sim", "events", "1", "--columns", "event_type").lines[0] == "SIM suspension"


def test_api_by_path_and_by_operation(simulator: Simulator, emnify: Run) -> None:
    by_path = emnify("api", "GET", "/api/v1/sim/1")
    assert by_path.json() == emnify("api", "sims.get", "1").json()
    assert by_path.json()["iccid"] == "8900101003000000001"
    whole = emnify("api", "GET", "/api/v1/sim?sort=-id", "-p", "per_page=50", "--paginate").json()
    assert [one["id"] for one in whole] == list(range(SIMS, 0, -1))
    assert emnify("api", "PATCH", "/api/v1/endpoint/1", "-f", "name=x") == (0, "", "")
    shown = emnify("api", "-i", "GET", "/api/v1/sim/1").lines
    assert shown[0] == "HTTP 200"
    assert any(line.lower().startswith("content-type: application/json") for line in shown)
    assert emnify("api", "GET", "/api/v1/sim/1", "--dry-run").out == "GET /api/v1/sim/1\n"
    assert emnify("api", "sims.gett").err.endswith("did you mean 'sims.get'?\n")
    assert emnify("api", "sims.get").err.startswith("emnify: sims.get takes sim_id, and 0 were given")
    assert emnify("api", "GET", "/nonsense").status == 2
    assert emnify("api", "GET", "/api/v1/sim/1", "--paginate").status == 2


def test_limits_count_the_calls_of_all_shells(simulator: Simulator, emnify: Run) -> None:
    for _ in range(3):
        emnify("sims", "get", "1")
    done = emnify("limits", "-o", "json")
    month = next(row for row in done.json() if row["kind"] == "month")
    assert (month["used"], month["allowed"]) == (4, 10_000_000)  # with the call of limits
    assert "of the month's calls are used" in done.err
    assert len(emnify("limits", "--every-limit", "-o", "json").json()) > 20


@pytest.mark.parametrize(
    ("used", "day", "told"),
    [
        (0, 11, "no call counted this month"),
        (10_000_000, 11, "the month's calls are used up until 2026-03-01"),
        (1_000_000, 11, "10.00% of the month's calls are used; at this rate 28.0% by the end of the month"),
        (
            5_000_000,
            11,
            "50.00% of the month's calls are used; at this rate they run out on 2026-02-21 00:00 UTC",
        ),
    ],
)
def test_the_pace_of_the_month(used: int, day: int, told: str) -> None:
    assert pace(used, 10_000_000, datetime(2026, 2, day, tzinfo=UTC)) == told


def test_an_estimate_of_an_operation_and_its_bulk_route(simulator: Simulator, emnify: Run) -> None:
    single, bulk = emnify("estimate", "endpoints.update", "100000", "-o", "json").json()
    assert (single["calls"], bulk["operation"], bulk["calls"]) == (100_000, "endpoints.update_bulk", 50)
    assert single["share_of_month"] == "1.00%"
    simulator.clear_requests()
    assert emnify("estimate", "endpoints.updat", "1").err.endswith("did you mean 'endpoints.update'?\n")
    assert len(simulator.requests) == 0


def test_an_estimate_counts_what_other_shells_have_used(
    simulator: Simulator, emnify: Run, home: Path
) -> None:
    # 2,000 calls of an address fit into five minutes: all of them if nothing is used, one less after a call.
    arguments = ("estimate", "sims.get", "2000", "-o", "json")
    [known] = emnify(*arguments).json()
    assert [request.operation for request in simulator.requests] == [
        "auth.authenticate",
        "organisations.get_my",
    ]
    assert (known["limit"], known["time"][:4]) == ("ip_general", "5 mi")
    (home / "config/emnify/config.toml").unlink()
    done = emnify(*arguments)
    assert done.err == "no credentials: as if no call had been made this month\n"
    assert done.json()[0]["limit"] != "ip_general"
    assert emnify("estimate", "sims.get", "1", "--profile", "none").status == 2


def test_doctor_names_what_is_wrong(simulator: Simulator, emnify: Run, home: Path) -> None:
    assert emnify("doctor").status == 0
    (home / "config/emnify/config.toml").unlink()
    done = emnify("doctor", "-o", "json")
    assert done.status == 4
    assert {row["check"]: row["result"] for row in done.json()}["credentials"] == "failed"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(emnify: Run, shell: str) -> None:
    assert "_EMNIFY_COMPLETE" in emnify("completion", shell).out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("emnify sims li", {"list", "list-events", "list-statuses"}),
        ("emnify estimate sims.get", {"sims.get", "sims.get_stats"}),
        ("emnify sims list -o js", {"json", "jsonl"}),
        ("emnify sims list -q icc", {"iccid:", "iccid_with_luhn:"}),
        ("emnify whoami --profile fl", {"fleet"}),
    ],
)
def test_completion(
    simulator: Simulator, emnify: Run, monkeypatch: pytest.MonkeyPatch, words: str, offered: set[str]
) -> None:
    monkeypatch.setenv("_EMNIFY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    found = {line.partition(",")[2] for line in emnify().lines}
    assert offered <= found


def test_a_path_alone_is_read(simulator: Simulator, emnify: Run) -> None:
    assert emnify("api", "/api/v1/sim/1").json()["id"] == 1
    assert emnify("api", "/api/v1/sim", "-p", "per_page=2").json()[1]["id"] == 2


def test_a_query_parameter_is_sent_as_often_as_it_is_given(simulator: Simulator, emnify: Run) -> None:
    given = ("GET", "/api/v1/sim?tag=a", "-p", "tag=b", "-p", "per_page=1", "-p", "tag=")
    assert emnify("api", *given, "--dry-run").out == "GET /api/v1/sim?tag=a&tag=b&tag=&per_page=1\n"
    assert emnify("api", *given).status == 0
    assert list(simulator.requests)[-1].query == "tag=a&tag=b&tag=&per_page=1"

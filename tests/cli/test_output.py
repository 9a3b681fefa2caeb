"""How results are written: forms, columns, limits, and what goes where."""

from __future__ import annotations

import csv
import io
import json

from aioemnify.simulator import Answer, Simulator
from tests.cli.conftest import SIMS, Run


def test_a_pipe_gets_lines_without_a_header(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "list", "--limit", "2")
    assert [line.split("\t")[:3] for line in done.lines] == [
        ["1", "8900101003000000001", "Activated"],
        ["2", "8900101003000000002", "Activated"],
    ]
    assert (done.status, done.err) == (0, "")


def test_a_list_that_goes_on_says_so_on_stderr(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "list")
    assert len(done.lines) == 50
    assert done.err == f"50 of {SIMS}; --all for the rest\n"
    assert [request.operation for request in simulator.requests] == ["auth.authenticate", "sims.list"]


def test_all_of_a_list_comes_in_the_largest_pages(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "list", "--all", "-o", "name")
    assert done.lines == [str(number) for number in range(1, SIMS + 1)]
    assert [request.operation for request in simulator.requests] == ["auth.authenticate", "sims.list"]


def test_json_is_one_array_and_json_lines_are_many_objects(simulator: Simulator, emnify: Run) -> None:
    whole = emnify("sims", "list", "--all", "-o", "json").json()
    lines = [json.loads(line) for line in emnify("sims", "list", "--all", "-o", "jsonl").lines]
    assert whole == lines
    assert [one["id"] for one in whole] == list(range(1, SIMS + 1))
    assert emnify("sims", "list", "-q", "iccid:1234", "-o", "json").out == "[]\n"


def test_json_stays_an_array_where_the_list_breaks_off(simulator: Simulator, emnify: Run) -> None:
    simulator.faults.add(Answer(403), operation="events.list", nth=2)
    for sim in (1, 2, 6):
        emnify("sim", "suspend", sim)
    done = emnify("api", "GET", "/api/v1/event", "-p", "per_page=1", "--paginate")
    assert done.status == 1
    assert len(json.loads(done.out)) == 1
    assert "page" not in done.out


def test_csv_has_a_header_and_all_columns(simulator: Simulator, emnify: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(emnify("sims", "list", "--limit", "3", "-o", "csv").out)))
    assert rows[0]["iccid"] == "8900101003000000001"
    assert rows[0]["endpoint.name"] == "pump-1"
    assert rows[0]["production_date"] == "2020-01-01T00:00:00Z"


def test_columns_are_chosen_by_name_and_checked(simulator: Simulator, emnify: Run) -> None:
    assert emnify("sims", "get", "1", "--columns", "iccid,status").lines == [
        "iccid\t8900101003000000001",
        "status\tActivated",
    ]
    as_json = emnify("sims", "list", "--limit", "1", "--columns", "id,endpoint.name", "-o", "json")
    assert as_json.json() == [{"id": 1, "endpoint.name": "pump-1"}]
    wrong = emnify("sims", "list", "--columns", "icid")
    assert wrong.status == 2
    assert wrong.err.startswith("emnify: --columns: there is no 'icid'; there are id, iccid, ")
    assert wrong.err.endswith("did you mean 'iccid'?\n")


def test_a_new_object_is_written_as_its_id(simulator: Simulator, emnify: Run) -> None:
    assert emnify("service-profiles", "create", "-f", "name=pumps").out.strip().isdigit()


def test_a_call_without_a_result_writes_nothing(simulator: Simulator, emnify: Run) -> None:
    assert emnify("endpoints", "update", "1", "-f", "name=one") == (0, "", "")
    assert emnify("endpoint", "show", "name:one", "--columns", "name").lines == ["one"]


def test_filters_take_labels_and_several_conditions(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "list", "--all", "-q", "status:suspended", "-q", "endpoint:null", "-o", "json")
    assert {(one["status"]["id"], "endpoint" in one) for one in done.json()} == {(2, False)}
    assert simulator.requests[-1].query == "q=status:2,endpoint:null&page=1&per_page=2500"
    assert emnify("sims", "list", "-q", "status:suspendet").err == (
        "emnify: status takes issued, activated, suspended, deleted, factory test or an id, not 'suspendet'; "
        "did you mean 'suspended'?\n"
    )


def test_alternatives_where_the_list_takes_them(simulator: Simulator, emnify: Run) -> None:
    one = "emnify: -q takes one value of status in this list\n"
    assert emnify("sims", "list", "-q", "status:activated|issued") == (2, "", one)
    assert emnify("sims", "list", "-q", "status:activated", "-q", "status:issued") == (2, "", one)
    emnify("endpoints", "update", "1", "-F", "status=disabled")
    emnify("endpoints", "update", "1", "-F", "status=enabled")
    found = emnify("events", "list", "-q", "type:42|43", "--columns", "event_type").lines
    assert sorted(found) == ["Endpoint disabled", "Endpoint enabled"]
    refused = emnify("events", "list", "-q", "alert:true|false").err
    assert refused.startswith(
        "emnify: -q takes one value of alert in this list; those that take several are "
    )


def test_a_line_break_in_a_value_does_not_break_the_line(simulator: Simulator, emnify: Run) -> None:
    emnify("service-profiles", "create", "-F", 'description="a\\tb\\nc"', "-f", "name=x")
    found = emnify("service-profiles", "list", "--columns", "name,description").lines
    assert "x\ta\\tb\\nc" in found


def test_a_dry_run_sends_nothing_and_shows_the_request(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "update", "7", "-F", "status=activated", "--dry-run")
    assert done.lines[0] == "PATCH /api/v1/sim/7"
    assert json.loads("".join(done.lines[1:])) == {"status": {"id": 1}}
    assert (
        emnify("sims", "list", "--sort", "-id", "--dry-run").out == "GET /api/v1/sim?sort=-id&per_page=50\n"
    )
    assert len(simulator.requests) == 0


def test_the_members_of_a_body_come_from_options_files_and_stdin(simulator: Simulator, emnify: Run) -> None:
    def body(*arguments: str, stdin: str = "") -> object:
        done = emnify("endpoints", "update", "1", *arguments, "--dry-run", stdin=stdin)
        return json.loads(done.out.partition("\n")[2])

    assert body("-F", "imei_lock=true", "-f", "name=17") == {"imei_lock": True, "name": "17"}
    assert body("-F", "sim.id=null") == {"sim": {"id": None}}
    assert body("--body", "-", stdin='{"name": "x"}') == {"name": "x"}
    assert body("--body", '{"name": "x"}', "-F", "status=disabled") == {"name": "x", "status": {"id": 1}}
    assert body("-f", "name=@-", stdin="from a file\n") == {"name": "from a file"}
    assert emnify("endpoints", "update", "1", "-f", "name").status == 2
    assert emnify("endpoints", "update", "1").err.startswith("emnify: update needs a body: -F name=value")

"""``demo``: a day of an operator on a simulator, with the commands that a user would type."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from aioemnify.cli.exit_status import CommandError
from aioemnify.cli.settings import Command

# What is said, the command line, and its exit status where that is not 0.
DAY: Sequence[tuple[str, str, int]] = (
    ("The token comes from the simulator; 'emnify login' alone asks for yours.",
     "emnify login --simulator simulator.json", 0),
    ("Whose fleet is it, and does all work?", "emnify whoami", 0),
    ("", "emnify profile list --columns name,default,workspace", 0),
    ("", "emnify doctor --columns check,result", 0),
    ("", "emnify completion bash > emnify.bash", 0),
    ("A look at the fleet, and at what is suspended.", "emnify sims list --limit 5", 0),
    ("", "emnify sims list -q status:suspended --sort -id --limit 3", 0),
    ("One device by its name: is it online, what does its SIM use?",
     "emnify endpoint connectivity pump-1 --columns status", 0),
    ("", "emnify sim usage pump-1 --columns date,data.volume -o csv > usage.csv", 0),
    ("It is silent: reset its connection, and send it an SMS.", "emnify endpoint reset pump-1", 0),
    ("", "emnify sms send pump-1 reboot", 0),
    ("It was stolen: suspend its SIM.", "emnify sim suspend pump-1", 0),
    ("", "emnify sim events pump-1 --limit 1 --columns event_type,description", 0),
    ("What would 100,000 renames take, one by one and in bulk?",
     "emnify estimate endpoints.update 100000 --columns operation,calls,time,limit", 0),
    ("The season is over: suspend 300 SIMs, in as few calls as possible.",
     "emnify sims list -q status:activated --limit 300 -o name > season.txt", 0),
    ("", "emnify sim suspend --file season.txt --yes", 0),
    ("Names from a table; one row is wrong, and the report says which.",
     "emnify jobs run endpoints.update names.csv --job names.job --yes", 7),
    ("", "emnify jobs show names.job", 7),
    ("Tags from a file that says what the fleet should be: look at the changes, make them, compare again.",
     "emnify plan tags.csv --out plan.json", 8),
    ("", "emnify apply plan.json --yes", 0),
    ("", "emnify drift tags.csv", 0),
    ("The fleet as a file, for a spreadsheet.",
     "emnify export endpoints --to fleet.csv --columns id,name,tags,sim.iccid", 0),
    ("The fleet as a database: the first sync reads it, the next ones find what has changed.",
     "emnify mirror sync sims", 0),
    ("", "emnify sim activate pump-1", 0),
    ("", "emnify mirror sync sims", 0),
    ("", "emnify mirror changes --columns id,field,old,new", 0),
    ("", 'emnify mirror sql "SELECT status, count(*) AS sims FROM sim GROUP BY status ORDER BY 2"', 0),
    ("Any other call of the API.", "emnify api sims.list_statuses", 0),
    ("And the limits?", "emnify limits --columns limit,used,allowed", 0),
)  # fmt: skip

NAMES = "endpoint_id,name\n2,lift north\n4,lift south\n999999,lift on the moon\n"
TAGS = "name,tags\npump-1,north\nlift north,north\nlift south,south\n"


@click.command(cls=Command)
@click.option("--sims", type=click.IntRange(400), default=2000, help="SIMs of the fleet (default: 2,000).")
def demo(sims: int) -> int:
    """See a day of an operator with these commands on a simulator.

    Starts a simulated API on this machine, runs commands against it and shows what they write. It
    touches neither your configuration nor emnify.
    """
    try:
        from aioemnify.simulator import Simulator
    except ModuleNotFoundError as error:
        raise CommandError(str(error)) from None
    with tempfile.TemporaryDirectory() as folder, Simulator(sims=sims, seed=7) as simulator:
        place = Path(folder)
        line = {
            "url": simulator.url,
            "application_token": simulator.application_token,
            "ca_file": simulator.ca_file,
        }
        (place / "simulator.json").write_text(json.dumps(line))
        (place / "names.csv").write_text(NAMES)
        (place / "tags.csv").write_text(TAGS)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EMNIFY_")}
        environment |= {"XDG_CONFIG_HOME": f"{folder}/config", "XDG_STATE_HOME": f"{folder}/state"}
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        for about, line_of_day, expected in DAY:
            if about:
                print(f"\n# {about}")
            print(f"$ {line_of_day}", flush=True)
            status = _run(line_of_day, place, environment)
            if status != expected:
                raise CommandError(f"{line_of_day!r} ended with status {status}, not {expected}", 1)
    print("\nThis is the end of the demo. 'emnify --help' lists all commands.")
    return 0


def _run(line: str, place: Path, environment: dict[str, str]) -> int:
    """Run a command line as a shell would, with this interpreter."""
    words, _, target = line.partition(" > ")
    command = [sys.executable, "-m", "aioemnify.cli", *shlex.split(words)[1:]]
    if not target:
        return subprocess.run(command, cwd=place, env=environment, check=False).returncode
    with (place / target).open("wb") as file:
        return subprocess.run(command, cwd=place, env=environment, check=False, stdout=file).returncode

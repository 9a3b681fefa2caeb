"""Profiles, login, and that secrets appear nowhere."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from aioemnify.cli.profiles import Configuration
from aioemnify.simulator import Simulator
from tests.cli.conftest import Run, write_config


def config_of(home: Path) -> Path:
    return home / "config" / "emnify" / "config.toml"


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.fixture
def line(server: Simulator) -> str:
    """The line that a simulator prints when it starts."""
    return json.dumps({"url": server.url, "application_token": server.application_token, "ca_file": None})


def test_login_stores_a_profile_that_only_its_owner_can_read(
    server: Simulator, emnify: Run, home: Path, line: str
) -> None:
    done = emnify("login", "--simulator", "-", stdin=line)
    file = config_of(home)
    assert done == (
        0,
        "",
        f"profile 'default': workspace Simulated Fleet (1001); the token is in {file}\n",
    )
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    assert emnify("whoami", "--columns", "workspace").out == "Simulated Fleet\n"
    other = emnify("login", "--profile", 'a "b" [c]', "--simulator", "-", stdin=line)
    assert other.status == 0
    assert list(Configuration.load().profiles) == ["default", 'a "b" [c]']
    assert Configuration.load().default == "default"


def test_login_with_a_token_on_stdin(server: Simulator, emnify: Run, home: Path) -> None:
    token = server.application_token
    done = emnify("login", "--with-token", "--base-url", server.url, stdin=f"{token}\n")
    assert done.status == 0
    assert token not in done.err
    assert emnify("whoami").status == 0


def test_login_asks_only_on_a_terminal(home: Path, emnify: Run) -> None:
    done = emnify("login")
    assert done.status == 2
    assert "--with-token" in done.err


def test_a_token_that_is_refused_is_not_stored(server: Simulator, emnify: Run, home: Path) -> None:
    done = emnify("login", "--with-token", "--base-url", server.url, stdin="sim-0-canary\n")
    assert done.status == 4
    assert "canary" not in done.err
    assert not config_of(home).exists()
    assert emnify("login", "--with-token", stdin="\n").err == "emnify: the token is empty\n"
    assert emnify("login", "--simulator", "-", stdin="nonsense").status == 10


def test_profiles_are_listed_chosen_and_removed(
    server: Simulator, emnify: Run, home: Path, line: str
) -> None:
    for name in ("one", "two"):
        emnify("login", "--profile", name, "--simulator", "-", stdin=line)
    assert emnify("profile", "list", "--columns", "name,default").lines == ["one\ttrue", "two\tfalse"]
    emnify("profile", "use", "two")
    assert emnify("whoami", "--columns", "profile,chosen_by").lines == [
        "profile\ttwo",
        "chosen_by\tthe default profile",
    ]
    emnify("profile", "remove", "two")
    assert emnify("profile", "list", "-o", "name").lines == ["one"]
    assert emnify("whoami").status == 4
    assert emnify("profile", "use", "tow").status == 2


def test_which_credentials_win(
    server: Simulator, emnify: Run, home: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def winner(*arguments: str) -> str:
        return emnify("whoami", "--columns", "chosen_by", *arguments).out.strip()

    for name in ("one", "two"):
        emnify("login", "--profile", name, "--simulator", "-", stdin=line)
    assert winner() == "the default profile"
    monkeypatch.setenv("EMNIFY_PROFILE", "two")
    assert winner() == "EMNIFY_PROFILE"
    monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", server.application_token)
    monkeypatch.setenv("EMNIFY_BASE_URL", server.url)
    assert winner() == "EMNIFY_APPLICATION_TOKEN"
    assert winner("--profile", "one") == "--profile"


def test_the_token_of_a_profile_goes_to_its_own_server_only(
    simulator: Simulator, emnify: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMNIFY_BASE_URL", "http://127.0.0.1:1")
    assert emnify("whoami").status == 0


@pytest.mark.parametrize("form", ["plain", "application_token"])
def test_a_command_gives_the_token(server: Simulator, emnify: Run, home: Path, form: str) -> None:
    token = server.application_token
    (home / "token").write_text(token if form == "plain" else json.dumps({form: token}))
    done = emnify("login", "--credential-process", f"cat '{home}/token'", "--base-url", server.url)
    assert done.status == 0
    assert emnify("whoami").status == 0
    assert token not in config_of(home).read_text()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("false", "ended with status 1"),
        ("no-such-program-here", "cannot be run"),
        ("echo {}", "wrote JSON without application_token or auth_token"),
        ("echo 'an \"", "cannot be run"),
    ],
)
def test_a_command_that_gives_no_token(
    simulator: Simulator, emnify: Run, home: Path, command: str, told: str
) -> None:
    write_config(home, simulator, credential_process=command)
    done = emnify("whoami")
    assert done.status == 4
    assert told in done.err


def test_a_configuration_that_others_can_read_is_closed_to_them(
    simulator: Simulator, emnify: Run, home: Path
) -> None:
    config_of(home).chmod(0o644)
    done = emnify("whoami")
    assert done.status == 0
    assert "Replace the tokens in it" in done.err
    assert mode(config_of(home)) == 0o600
    assert emnify("whoami").err == ""


def test_shells_share_one_token(simulator: Simulator, emnify: Run, home: Path) -> None:
    for _ in range(3):
        emnify("sims", "get", "1")
    operations = [request.operation for request in simulator.requests]
    assert operations == ["auth.authenticate", "sims.get", "sims.get", "sims.get"]
    assert mode(home / "config/emnify/store.db") == 0o600


def test_an_expired_token_is_renewed(simulator: Simulator, emnify: Run) -> None:
    emnify("sims", "get", "1")
    simulator.expire_tokens()
    assert emnify("sims", "get", "1").status == 0


def test_no_secret_is_shown(simulator: Simulator, emnify: Run, home: Path) -> None:
    shown = ""
    for arguments in (
        ["whoami", "--verbose"],
        ["doctor", "-v"],
        ["profile", "list", "-o", "json"],
        ["sims", "get", "1", "-v"],
        ["auth", "authenticate", "--body", "@body.json", "--dry-run"],
    ):
        Path("body.json").write_text(json.dumps({"application_token": simulator.application_token}))
        done = emnify(*arguments)
        assert done.status == 0, done
        shown += done.out + done.err
    assert "sims.get: 200 in " in shown
    assert '"application_token": "***"' in shown
    assert simulator.application_token not in shown
    assert "eyJ" not in shown  # the beginning of every auth token


@pytest.mark.parametrize(
    "arguments",
    [
        ["api-secrets", "create", "-f", "secret=canary"],
        ["api-secrets", "create", "-F", "secret=canary"],
        ["api-secrets", "create", "--body", '{"secret": "canary"}'],
        ["data-streams", "create", "-f", "destination.credentials.api_key=canary"],
        ["api", "POST", "/api/v1/authenticate", "-f", "application_token=canary"],
        ["api", "auth.authenticate", "-f", "password=canary"],
    ],
    ids=" ".join,
)
def test_a_secret_on_the_command_line_is_refused(
    simulator: Simulator, emnify: Run, arguments: list[str]
) -> None:
    done = emnify(*arguments)
    assert done.status == 2
    assert "is secret, and others can read arguments" in done.err
    assert "canary" not in done.err
    assert len(simulator.requests) == 0


def test_login_takes_no_token_as_an_argument(home: Path, emnify: Run) -> None:
    assert emnify("login", "sim-1-canary").status == 2
    assert "--token" not in emnify("login", "--help").out.split()


@pytest.fixture
def keyring_in_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], str]]:
    """A keyring of the system, which here is a dictionary."""
    keyring = pytest.importorskip("keyring")
    kept: dict[tuple[str, str], str] = {}

    class InMemory(keyring.backend.KeyringBackend):  # type: ignore[name-defined, misc]
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    yield kept
    keyring.set_keyring(before)


def test_the_keyring_has_the_token_where_there_is_one(
    server: Simulator, emnify: Run, home: Path, line: str, keyring_in_memory: dict[tuple[str, str], str]
) -> None:
    done = emnify("login", "--simulator", "-", stdin=line)
    assert done.err.endswith("the token is in the keyring\n")
    assert keyring_in_memory == {("emnify", "default"): server.application_token}
    assert server.application_token not in config_of(home).read_text()
    assert emnify("whoami").status == 0
    emnify("profile", "remove", "default")
    assert keyring_in_memory == {}


def test_a_keyring_that_is_gone(
    server: Simulator, emnify: Run, home: Path, line: str, keyring_in_memory: dict[tuple[str, str], str]
) -> None:
    emnify("login", "--simulator", "-", stdin=line)
    keyring_in_memory.clear()
    assert "has no token: run 'emnify login --profile default'" in emnify("whoami").err

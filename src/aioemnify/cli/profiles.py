"""Who calls: the profiles in ``config.toml``, and where their tokens are kept.

The order is ``--profile``, ``EMNIFY_APPLICATION_TOKEN``, ``EMNIFY_PROFILE``, the default profile. Tokens are
in the system's keyring where there is one, else in the file, which only its owner can read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aioemnify.cli.exit_status import CREDENTIALS, FILE, USAGE, CommandError
from aioemnify.cli.folders import config_folder, make_config_folder

if TYPE_CHECKING:
    from aioemnify import ApplicationToken, StaticToken

TOKEN_VARIABLE = "EMNIFY_APPLICATION_TOKEN"
PROFILE_VARIABLE = "EMNIFY_PROFILE"
_SERVICE = "emnify"
_MEMBERS = {"application_token", "base_url", "ca_file", "credential_process", "keyring", "workspace"}


class Configuration:
    """The content of ``config.toml``: ``default``, and a table for each profile."""

    def __init__(self, file: Path, default: str | None, profiles: dict[str, dict[str, Any]]) -> None:
        self.file = file
        self.default = default
        self.profiles = profiles

    @classmethod
    def load(cls) -> Configuration:
        """Read the file; one that is not there is empty.

        Raises:
            CommandError: it is not TOML, or has members that are not known.
        """
        file = config_folder() / "config.toml"
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls(file, None, {})
        import tomllib

        try:
            data = tomllib.loads(text)
        except ValueError as error:
            raise CommandError(f"{file} is not TOML: {error}", FILE) from None
        profiles = data.get("profiles", {})
        if not isinstance(profiles, dict) or not all(isinstance(one, dict) for one in profiles.values()):
            raise CommandError(f"{file}: a profile is a table, such as [profiles.acme]", FILE)
        for name, one in profiles.items():
            for member in one:
                if member not in _MEMBERS:
                    known = ", ".join(sorted(_MEMBERS))
                    raise CommandError(
                        f"{file}: profile {name!r} has no member {member!r}; it has {known}", FILE
                    )
        _close_to_others(file)
        return cls(file, data.get("default"), profiles)

    def save(self) -> None:
        """Replace the file in one step; nobody else can read it at any moment."""
        import json

        from aioemnify._file_replacement import FileReplacement

        lines = [f"default = {json.dumps(self.default)}"] if self.default else []
        for name, profile in self.profiles.items():
            lines += ["", f"[profiles.{json.dumps(name)}]"]
            lines += [f"{member} = {json.dumps(value)}" for member, value in profile.items()]
        make_config_folder()
        with FileReplacement(self.file, private=True) as file:
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def profile(self, name: str) -> Mapping[str, Any]:
        """Return a profile.

        Raises:
            CommandError: there is none of this name; the text has those there are.
        """
        if name not in self.profiles:
            from aioemnify._checks import did_you_mean

            known = ", ".join(self.profiles) or "none yet: emnify login makes one"
            raise CommandError(
                f"there is no profile {name!r}; there is {known}{did_you_mean(name, self.profiles)}", USAGE
            )
        return self.profiles[name]


def _close_to_others(file: Path) -> None:
    if os.name == "posix" and file.stat().st_mode & 0o077:
        file.chmod(0o600)
        print(
            f"emnify: others could read {file}; it is closed to them now. Replace the tokens in it",
            file=sys.stderr,
        )


class Login(NamedTuple):
    """The credentials of a command, and where they came from."""

    source: str
    profile: str | None
    base_url: str | None
    ca_file: str | None
    credential: ApplicationToken | StaticToken


def find_login(profile: str | None) -> Login:
    """Return the credentials to use.

    Args:
        profile: the value of ``--profile``.

    Raises:
        CommandError: there are none, or they cannot be read.
    """
    name, source = profile, "--profile"
    if name is None:
        if token := os.environ.get(TOKEN_VARIABLE):
            from aioemnify import ApplicationToken

            return Login(TOKEN_VARIABLE, None, None, None, ApplicationToken(token))
        name, source = os.environ.get(PROFILE_VARIABLE) or None, PROFILE_VARIABLE
    configuration = Configuration.load()
    if name is None:
        name, source = configuration.default, "the default profile"
    if name is None:
        raise CommandError(f"no credentials: run 'emnify login', or set {TOKEN_VARIABLE}", CREDENTIALS)
    found = configuration.profile(name)
    return Login(
        source=source,
        profile=name,
        base_url=found.get("base_url"),
        ca_file=found.get("ca_file"),
        credential=credential_of(name, found),
    )


def credential_of(name: str, profile: Mapping[str, Any]) -> ApplicationToken | StaticToken:
    """Return the credential of a profile.

    Raises:
        CommandError: there is none, or it cannot be read.
    """
    from aioemnify import ApplicationToken

    if command := profile.get("credential_process"):
        return _from_process(name, command)
    token = _from_keyring(name) if profile.get("keyring") else profile.get("application_token")
    if not token:
        raise CommandError(f"profile {name!r} has no token: run 'emnify login --profile {name}'", CREDENTIALS)
    return ApplicationToken(token)


def _from_process(name: str, command: str) -> ApplicationToken | StaticToken:
    """Run ``credential_process``: it writes a token, or JSON with ``application_token`` or ``auth_token``."""
    import json
    import shlex
    import subprocess

    from aioemnify import ApplicationToken, StaticToken

    try:
        done = subprocess.run(shlex.split(command), stdout=subprocess.PIPE, check=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CommandError(
            f"credential_process of profile {name!r} cannot be run: {error}", CREDENTIALS
        ) from None
    if done.returncode:
        raise CommandError(
            f"credential_process of profile {name!r} ended with status {done.returncode}", CREDENTIALS
        )
    text = done.stdout.strip()
    if not text.startswith("{"):
        return ApplicationToken(text)
    try:
        given = json.loads(text)
    except ValueError:
        given = {}
    for member, kind in (("application_token", ApplicationToken), ("auth_token", StaticToken)):
        if isinstance(given.get(member), str):
            return kind(given[member])
    # The output is not shown: it may hold the secret.
    raise CommandError(
        f"credential_process of profile {name!r} wrote JSON without application_token or auth_token",
        CREDENTIALS,
    )


def _keyring() -> Any:
    """Return the keyring if it is installed and the system has one."""
    try:
        import keyring
    except ImportError:
        return None
    return keyring if keyring.get_keyring().priority > 0 else None


def _from_keyring(name: str) -> str | None:
    found = _keyring()
    if found is None:
        raise CommandError(
            f"the token of profile {name!r} is in the keyring, which is not there: "
            "pip install 'aioemnify[keyring]', or run 'emnify login' again",
            CREDENTIALS,
        )
    try:
        token: str | None = found.get_password(_SERVICE, name)
    except found.errors.KeyringError as error:
        raise CommandError(
            f"the keyring does not give the token of profile {name!r}: {error}", CREDENTIALS
        ) from None
    return token


def keep_token(name: str, profile: dict[str, Any], token: str) -> str:
    """Put a token into the keyring, or into the profile; return where it is."""
    profile.pop("application_token", None)
    profile.pop("keyring", None)
    found = _keyring()
    if found is not None:
        try:
            found.set_password(_SERVICE, name, token)
        except found.errors.KeyringError:
            found = None
    if found is None:
        profile["application_token"] = token
        return str(config_folder() / "config.toml")
    profile["keyring"] = True
    return "the keyring"


def forget_token(name: str, profile: Mapping[str, Any]) -> None:
    """Delete a token from the keyring."""
    found = _keyring() if profile.get("keyring") else None
    if found is not None:
        try:
            found.delete_password(_SERVICE, name)
        except found.errors.KeyringError as error:
            print(f"emnify: the keyring still has the token of {name!r}: {error}", file=sys.stderr)

"""How the calls about people, workspaces, tokens, callbacks, streams and tags are made on a simulator.

What a call needs to be there is put into the simulator's state directly, not with other calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from aioemnify.simulator import Simulator
from aioemnify.simulator.platform.one_time_codes import one_time_code
from aioemnify.simulator.state.records.accounts import BookedVolume
from aioemnify.simulator.state.records.callbacks import ApiCallback, ApiSecret
from aioemnify.simulator.state.records.data_streams import DataStream
from aioemnify.simulator.state.records.tags import Tag
from aioemnify.simulator.state.records.users import Device, Invitation, Membership, SecondFactor, User
from aioemnify.simulator.state.world import Organisation

DIGEST = "a" * 40


class LimitQueue(Protocol):
    """What the calls are made with."""

    @property
    def simulator(self) -> Simulator:
        """Return the simulator."""
        ...

    @property
    def known(self) -> dict[str, int]:
        """Return ids by what they belong to."""
        ...


def _own(bench: LimitQueue) -> Organisation:
    return bench.simulator.installation.world.organisations[bench.simulator.organisation_id]


def _wall(bench: LimitQueue) -> float:
    return bench.simulator.clock.wall()


def _me(bench: LimitQueue) -> User:
    return bench.simulator.installation.world.users[bench.simulator.username]


def _person(bench: LimitQueue, *, roles: tuple[int, ...] = (1, 2), status: int = 1) -> int:
    """Put one more user into both workspaces; the key ``let me in`` activates them."""
    world, home = bench.simulator.installation.world, bench.simulator.organisation_id
    places = (home, bench.simulator.second_organisation_id)
    user = User(
        id=world.allot("user"),
        username="one@example.com",
        name="One",
        created=_wall(bench),
        status=status,
        home=home,
        default=home,
        memberships={place: Membership(roles=list(roles), status=status) for place in places},
    )
    user.invitations["let me in"] = Invitation(organisation=home, expires=_wall(bench) + 60)
    world.users[user.username] = user
    return user.id


def _in_second(bench: LimitQueue, *rest: Any) -> tuple[Any, ...]:
    return _person(bench), bench.simulator.second_organisation_id, *rest


def _key(bench: LimitQueue, *, status: int = 0) -> SecondFactor:
    key = SecondFactor(id=1, secret="A" * 32, status=status, created=_wall(bench))
    _me(bench).keys.append(key)
    return key


def _device(bench: LimitQueue) -> int:
    device = Device(id=1, fingerprint="f", browser="b", since=_wall(bench), until=_wall(bench) + 60)
    _me(bench).devices.append(device)
    return device.id


def _callback(bench: LimitQueue) -> int:
    callback = ApiCallback(id=1, url="https://example.com", created=_wall(bench))
    _own(bench).callbacks.urls[1] = callback
    return callback.id


def _secret(bench: LimitQueue) -> int:
    _own(bench).callbacks.secrets[1] = ApiSecret(id=1, purpose="x", secret="x")
    return 1


def _stream(bench: LimitQueue, url: str = "https://example.com") -> int:
    destination = {"connection_type": "RestAPI", "credentials": {"url": url, "headers": ["a:b"]}}
    filters = [{"field": "alert", "value": True}, {"or": [{"field": "event_type_id", "value": [1]}]}]
    _own(bench).streams.streams[1] = DataStream(
        id=1, name="one", type=2, destination=destination, filters=filters, started=0.0
    )
    return 1


def _tag(bench: LimitQueue) -> int:
    _own(bench).tags.tags[1] = Tag(id=1, name="one", color=1)
    return 1


def _tagged(bench: LimitQueue) -> dict[str, Any]:
    tag = _tag(bench)
    return {"items": [{"endpoint": {"id": bench.known["endpoint"]}, "tags": [{"id": tag}]}]}


def _booked(bench: LimitQueue) -> str:
    _own(bench).account.volumes.append(BookedVolume(id=1, volume=111, start=0.0))
    return "my"


PEOPLE_SERVED: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "application_tokens.create": lambda bench: ({"description": "new", "ip": "192.0.2.0/24"},),
    "application_tokens.list": lambda bench: (),
    "application_tokens.update": lambda bench: (1, {"status": {"id": 1}}),
    "organisations.assign_inclusive_volume": lambda bench: ("my", 111, {"pooled": True}),
    "organisations.get_hourly_stats": lambda bench: ("my",),
    "organisations.get_monthly_stats": lambda bench: (_booked(bench),),
    "organisations.get_my": lambda bench: (),
    "organisations.list_active_inclusive_volumes": lambda bench: (_booked(bench),),
    "organisations.list_current_month_daily_stats": lambda bench: (),
    "organisations.list_daily_stats": lambda bench: (bench.simulator.organisation_id,),
    "organisations.list_statuses": lambda bench: (),
    "organisations.update_tariff": lambda bench: (bench.simulator.organisation_id, {"id": 2}),
    "workspaces.assign_role": lambda bench: _in_second(bench, 3),
    "workspaces.list_daily_stats": lambda bench: (),
    "workspaces.list_for_user": lambda bench: ("my",),
    "workspaces.remove_role": lambda bench: _in_second(bench, 2),
    "workspaces.set_default": lambda bench: ("my", bench.simulator.second_organisation_id),
    "workspaces.unassign_user": lambda bench: _in_second(bench),
    "workspaces.update_user_status": lambda bench: _in_second(bench, {"status": {"id": 2}}),
    "users.accept_invitation": lambda bench: (
        _person(bench, status=0) and {"activationKey": "let me in", "password": DIGEST},
    ),
    "users.activate": lambda bench: (
        _person(bench, status=0) and {"activationKey": "let me in", "password": DIGEST},
    ),
    "users.assign_role": lambda bench: (_person(bench), 3),
    "users.change_password": lambda bench: (
        {"old_password": bench.simulator.password_digest, "new_password": DIGEST},
    ),
    "users.create": lambda bench: (
        {
            "username": "new@example.com",
            "name": "New",
            "organisation": {"id": bench.simulator.organisation_id},
            "roles": [{"id": 1}],
        },
    ),
    "users.create_support_token": lambda bench: (_person(bench), {"role": "3"}),
    "users.delete": lambda bench: (_person(bench),),
    "users.delete_v1": lambda bench: (_person(bench),),
    "users.get": lambda bench: (_key(bench, status=1) and "my",),
    "users.get_role_permissions": lambda bench: ("my",),
    "users.invite": lambda bench: ({"username": "new@example.com", "name": "New"},),
    "users.list": lambda bench: (),
    "users.list_events": lambda bench: ("my",),
    "users.list_roles": lambda bench: (),
    "users.list_statuses": lambda bench: (),
    "users.remove_role": lambda bench: (_person(bench), 2),
    "users.resend_activation": lambda bench: (
        _person(bench, status=0) and {"username": "one@example.com", "g-recaptcha-response": "x"},
    ),
    "users.update": lambda bench: (_person(bench), {"name": "Renamed"}),
    "mfa.activate_key": lambda bench: (
        _key(bench).id,
        {"status": {"id": 1}, "code": one_time_code("A" * 32, bench.simulator.clock.wall())},
    ),
    "mfa.create_key": lambda bench: ({"type": {"id": 0}, "password": bench.simulator.password_digest},),
    "mfa.delete_key": lambda bench: ("my", _key(bench).id),
    "mfa.delete_trusted_device": lambda bench: ("my", _device(bench)),
    "mfa.list_statuses": lambda bench: (),
    "mfa.list_trusted_devices": lambda bench: (_device(bench) and "my",),
    "mfa.list_types": lambda bench: (),
    "api_callbacks.create": lambda bench: ({"url": "https://example.com", "purpose": "x"},),
    "api_callbacks.delete": lambda bench: (_callback(bench),),
    "api_callbacks.get": lambda bench: (_callback(bench),),
    "api_callbacks.list": lambda bench: _callback(bench) and (),
    "api_secrets.create": lambda bench: ({"secret": "x", "purpose": "x"},),
    "api_secrets.delete": lambda bench: (_secret(bench),),
    "api_secrets.get": lambda bench: (_secret(bench),),
    "api_secrets.list": lambda bench: _secret(bench) and (),
    "data_streams.create": lambda bench: (
        {
            "data_stream_type": {"id": 1},
            "destination": {"connection_type": "RestAPI", "credentials": {"url": "https://example.com"}},
        },
    ),
    "data_streams.delete": lambda bench: (_stream(bench),),
    "data_streams.get": lambda bench: (_stream(bench),),
    "data_streams.list": lambda bench: _stream(bench) and (),
    "data_streams.list_connection_types": lambda bench: (),
    "data_streams.list_filter_fields": lambda bench: (),
    "data_streams.list_statuses": lambda bench: (),
    "data_streams.list_types": lambda bench: (),
    "data_streams.restart": lambda bench: (_stream(bench, "https://nowhere.invalid"),),
    "data_streams.update": lambda bench: (_stream(bench), {"status": {"id": 2}}),
    "tags.assign_bulk": lambda bench: (_tagged(bench),),
    "tags.create": lambda bench: ({"name": "new", "color": {"id": 1}},),
    "tags.delete": lambda bench: (_tag(bench),),
    "tags.delete_bulk": lambda bench: ({"tags": [{"id": _tag(bench)}]},),
    "tags.list": lambda bench: _tag(bench) and (),
    "tags.list_colors": lambda bench: (),
    "tags.unassign_bulk": lambda bench: (_tagged(bench),),
    "tags.update": lambda bench: (_tag(bench), {"name": "renamed"}),
    "tariff_plans.get_active": lambda bench: (),
    "tariff_plans.get_active_for_organisation": lambda bench: ("my",),
    "tariff_plans.list_for_organisation": lambda bench: (bench.simulator.organisation_id,),
}
"""The positional arguments that each call is made with."""

"""Which operations the simulator has, which it models, and what it says to everything else."""

from __future__ import annotations

import pytest

from aioemnify.simulator import STATEFUL_OPERATIONS, Settings
from aioemnify.simulator.platform.unpublished_operations import UNPUBLISHED
from aioemnify.tables.operations import OPERATIONS

pytestmark = pytest.mark.anyio

EVERY_CALL = {**OPERATIONS, **UNPUBLISHED}

STATEFUL = {
    "auth.authenticate",
    "auth.switch_workspace",
    "endpoints.create",
    "endpoints.create_bulk",
    "endpoints.delete",
    "endpoints.delete_bulk",
    "endpoints.get",
    "endpoints.list",
    "endpoints.list_events",
    "endpoints.list_statuses",
    "endpoints.update",
    "endpoints.update_bulk",
    "events.list",
    "events.list_pending_alerts",
    "events.list_types",
    "service_profiles.add_service",
    "service_profiles.create",
    "service_profiles.delete",
    "service_profiles.get",
    "service_profiles.list",
    "service_profiles.remove_service",
    "service_profiles.update",
    "sim_batches.register",
    "sim_batches.validate",
    "sims.get",
    "sims.list",
    "sims.list_events",
    "sims.list_statuses",
    "sims.update",
    "tariff_profiles.create",
    "tariff_profiles.delete",
    "tariff_profiles.get",
    "tariff_profiles.list",
    "tariff_profiles.update",
    "cloud_connect.list_available_regions",
    "cloud_connect.list_prices",
    "cloud_connect.list_types",
    "dns.create",
    "dns.delete",
    "dns.list",
    "ip_address_spaces.assign",
    "ip_address_spaces.create",
    "ip_address_spaces.list",
    "ip_address_spaces.list_available",
    "ip_address_spaces.release",
    "lookups.list_breakout_regions",
    "lookups.list_countries",
    "lookups.list_currencies",
    "lookups.list_data_blocksizes",
    "lookups.list_data_throttles",
    "lookups.list_esme_interface_types",
    "lookups.list_rat_types",
    "lookups.list_service_levels",
    "operators.list",
    "services.list",
    "services.list_all_traffic_limits",
    "services.list_traffic_limits",
    "application_tokens.create",
    "application_tokens.list",
    "application_tokens.update",
    "organisations.assign_inclusive_volume",
    "organisations.get_hourly_stats",
    "organisations.get_monthly_stats",
    "organisations.get_my",
    "organisations.list_active_inclusive_volumes",
    "organisations.list_current_month_daily_stats",
    "organisations.list_daily_stats",
    "organisations.list_statuses",
    "organisations.update_tariff",
    "workspaces.assign_role",
    "workspaces.list_daily_stats",
    "workspaces.list_for_user",
    "workspaces.remove_role",
    "workspaces.set_default",
    "workspaces.unassign_user",
    "workspaces.update_user_status",
    "users.accept_invitation",
    "users.activate",
    "users.assign_role",
    "users.change_password",
    "users.create",
    "users.create_support_token",
    "users.delete",
    "users.delete_v1",
    "users.get",
    "users.get_role_permissions",
    "users.invite",
    "users.list",
    "users.list_events",
    "users.list_roles",
    "users.list_statuses",
    "users.remove_role",
    "users.resend_activation",
    "users.update",
    "mfa.activate_key",
    "mfa.create_key",
    "mfa.delete_key",
    "mfa.delete_trusted_device",
    "mfa.list_statuses",
    "mfa.list_trusted_devices",
    "mfa.list_types",
    "api_callbacks.create",
    "api_callbacks.delete",
    "api_callbacks.get",
    "api_callbacks.list",
    "api_secrets.create",
    "api_secrets.delete",
    "api_secrets.get",
    "api_secrets.list",
    "data_streams.create",
    "data_streams.delete",
    "data_streams.get",
    "data_streams.list",
    "data_streams.list_connection_types",
    "data_streams.list_filter_fields",
    "data_streams.list_statuses",
    "data_streams.list_types",
    "data_streams.restart",
    "data_streams.update",
    "tags.assign_bulk",
    "tags.create",
    "tags.delete",
    "tags.delete_bulk",
    "tags.list",
    "tags.list_colors",
    "tags.unassign_bulk",
    "tags.update",
    "tariff_plans.get_active",
    "tariff_plans.get_active_for_organisation",
    "tariff_plans.list_for_organisation",
    "endpoints.assign_tag",
    "endpoints.block_operator",
    "endpoints.cancel_sms",
    "endpoints.create_traffic_limit_extension",
    "endpoints.delete_data_quota",
    "endpoints.delete_sms_quota",
    "endpoints.delete_traffic_limit_extensions",
    "endpoints.get_aggregate_stats",
    "endpoints.get_connectivity",
    "endpoints.get_connectivity_info",
    "endpoints.get_data_quota",
    "endpoints.get_sms",
    "endpoints.get_sms_quota",
    "endpoints.get_stats",
    "endpoints.list_daily_stats",
    "endpoints.list_operator_blocklist",
    "endpoints.list_sms",
    "endpoints.list_tags",
    "endpoints.list_traffic_limit_extensions",
    "endpoints.reset_connectivity",
    "endpoints.send_sms",
    "endpoints.set_data_quota",
    "endpoints.set_sms_quota",
    "endpoints.unassign_tag",
    "endpoints.unblock_operator",
    "euiccs.cancel_operation",
    "euiccs.get",
    "euiccs.get_operation",
    "euiccs.list",
    "euiccs.list_operation_actions",
    "euiccs.list_operation_statuses",
    "euiccs.list_operations",
    "euiccs.list_profile_statuses",
    "euiccs.list_statuses",
    "euiccs.schedule_operations",
    "euiccs.validate_unlinked",
    "events.list_legacy",
    "service_profiles.add_data_limit",
    "service_profiles.add_sms_limit",
    "service_profiles.delete_data_limit",
    "service_profiles.delete_data_limits",
    "service_profiles.delete_quotas",
    "service_profiles.list_data_limits",
    "service_profiles.remove_sms_limit",
    "sim_operations.create",
    "sim_operations.get",
    "sim_operations.list",
    "sim_operations.list_actions",
    "sim_operations.list_statuses",
    "sims.delete",
    "sims.delete_bulk",
    "sims.get_stats",
    "sims.list_daily_stats",
    "sims.list_unlinked_product_stats",
    "sims.migrate_workspace",
    "system_events.get",
    "system_events.list",
    "tariff_profiles.assign_inclusive_volume",
    "tariff_profiles.block_operator",
    "tariff_profiles.block_rat_types",
    "tariff_profiles.deselect_ratezone",
    "tariff_profiles.get_operator_blocklist",
    "tariff_profiles.list_coverage",
    "tariff_profiles.list_operator_blocklist",
    "tariff_profiles.select_ratezone",
    "tariff_profiles.unassign_inclusive_volume",
    "tariff_profiles.unblock_operator",
    "tariff_profiles.unblock_rat_type",
}
BY_SCHEMA = sorted(set(EVERY_CALL) - STATEFUL_OPERATIONS)


def concrete(path: str) -> str:
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


def test_the_list_of_what_keeps_state():
    assert STATEFUL == STATEFUL_OPERATIONS
    assert set(EVERY_CALL) >= STATEFUL


def test_what_only_the_limits_name_is_served_though_no_method_calls_it():
    assert not set(UNPUBLISHED) & set(OPERATIONS)
    assert {operation.path for operation in UNPUBLISHED.values()} == {
        "/api/v1/event/alerts_pending",
        "/api/v1/event_deprecated",
        "/api/v1/endpoint/stats/{rest}",
        "/api/v1/organisation/{organisation_id}/billing/{rest}",
    }


@pytest.mark.parametrize("operation_id", BY_SCHEMA)
async def test_everything_else_answers_by_its_schema(sim, session, operation_id):
    operation = EVERY_CALL[operation_id]
    path = operation.path
    for param in operation.path_params:
        path = path.replace("{" + param.name + "}", param.choices[0] if param.choices else "1")
    async with session(sim) as client:
        answer = await client.request(operation.method, path)
    if operation.body is None:
        assert answer.status_code == operation.success[0]
    else:
        assert (answer.status_code, answer.json()["message"]) == (400, "The request has no body")
    assert answer.headers["X-Sim-Fidelity"] == "schema"
    assert sim.requests[-1].operation == operation_id


@pytest.mark.parametrize("operation_id", sorted(STATEFUL))
async def test_stateful_operations_are_routed(sim, session, operation_id):
    operation = EVERY_CALL[operation_id]
    async with session(sim) as client:
        answer = await client.request(operation.method, concrete(operation.path))
    assert answer.headers["X-Sim-Fidelity"] == "stateful"
    assert sim.requests[-1].operation == operation_id


async def test_operations_need_a_token(sim, session):
    async with session(sim, token="") as client:
        for operation in EVERY_CALL.values():
            answer = await client.request(operation.method, concrete(operation.path))
            assert answer.status_code == (401 if operation.auth else 400)


@pytest.mark.parametrize(
    "path", ["/", "/api/v1", "/api/v1/nothing", "/api/v1/sim/", "/api/v1/sim/1/2/3", "/api/v3/sim"]
)
@pytest.mark.parametrize("token", [None, ""])
async def test_unknown_paths(sim, session, path, token):
    async with session(sim, token) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["error_code"]) == (404, 1201)
    assert "X-Sim-Fidelity" not in answer.headers


async def test_wrong_methods(sim, session):
    async with session(sim) as client:
        answer = await client.put("/api/v1/endpoint")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
        answer = await client.post("/api/v1/endpoint/1")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, PATCH")
        assert (await client.head("/api/v1/sim")).status_code == 405


async def test_the_body_must_be_json_and_say_so(sim, session):
    path = "/api/v1/sim/1"
    async with session(sim) as client:
        for media in ("text/plain", "application/x-www-form-urlencoded", ""):
            answer = await client.patch(path, content=b"{}", headers={"Content-Type": media})
            assert answer.status_code == 415
        for media in ("application/json", "Application/JSON; charset=utf-8"):
            answer = await client.patch(path, content=b"{}", headers={"Content-Type": media})
            assert answer.status_code == 204
        for content in (b"{", b"\xff", b"{'status': 1}", b""):
            answer = await client.patch(path, content=content, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["error_token"]) == (400, "BadRequest")


@pytest.mark.parametrize(("setting", "status", "code"), [(404, 404, 1201), (400, 400, 1000)])
async def test_an_id_that_is_no_number(make_sim, session, setting, status, code):
    async with session(make_sim(limits=None, settings=Settings(malformed_id_status=setting))) as client:
        for path in ("sim", "endpoint", "service_profile", "tariff_profile"):
            answer = await client.get(f"/api/v1/{path}/None")
            assert (answer.status_code, answer.json()["error_code"]) == (status, code)


async def test_the_lookups(sim, session):
    async with session(sim) as client:
        statuses = (await client.get("/api/v1/sim/status")).json()
        assert [item["id"] for item in statuses] == [0, 1, 2, 3, 4]
        assert statuses[4]["description"] == "Factory Test"
        assert [item["id"] for item in (await client.get("/api/v1/endpoint/status")).json()] == [0, 1, 2]
        types = {item["id"]: item["description"] for item in (await client.get("/api/v1/event/type")).json()}
    assert types[51] == "SIM Assigned"
    assert len(types) == 50


async def test_the_journal_keeps_no_credentials(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        await client.get("/api/v1/sim/3", params={"x": "y"})
    login, record = sim.requests
    assert (record.method, record.path, record.query) == ("GET", "/api/v1/sim/3", "x=y")
    assert (record.operation, record.status, record.limit) == ("sims.get", 200, "get_sim_id")
    assert record.organisation == sim.organisation_id
    assert record.headers["authorization"] == "***"
    assert sim.application_token not in repr(sim.requests) + repr(login.headers)
    sim.clear_requests()
    assert sim.requests == []

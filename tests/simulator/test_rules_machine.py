"""The rules of SIMs and endpoints, tried in any order against a model that knows nothing of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

from aioemnify.simulator import Clock, Settings, Simulator

ISSUED, ACTIVATED, SUSPENDED, _, FACTORY_TEST = range(5)
ENABLED, DISABLED = range(2)
ALLOWED = {
    ISSUED: {ACTIVATED, FACTORY_TEST},
    ACTIVATED: {SUSPENDED},
    SUSPENDED: {ACTIVATED},
    FACTORY_TEST: {ACTIVATED},
}


class Model:
    """What a reader of the documentation expects: statuses, who sits where, and how often what is used."""

    def __init__(self) -> None:
        self.sims: dict[int, int] = {}
        self.holder: dict[int, int] = {}
        self.endpoints: dict[int, int] = {}
        self.profile: dict[int, int] = {}
        self.events: list[int] = []

    def sim_of(self, endpoint: int) -> int | None:
        return next((sim for sim, holder in self.holder.items() if holder == endpoint), None)

    def move(self, sim: int, status: int) -> None:
        if self.sims[sim] != status:
            self.sims[sim] = status
            self.events.append({ACTIVATED: 8, SUSPENDED: 9, FACTORY_TEST: 45}[status])


class Rules(RuleBasedStateMachine):
    """Any order of calls; after each of them the server says what the model says."""

    endpoints = Bundle("endpoints")

    def __init__(self) -> None:
        super().__init__()
        clock = Clock.manual()
        self.simulator = Simulator(
            sims=10, seed=11, limits=None, clock=clock, batch=3, settings=Settings(token_minutes=1e6)
        )
        self.token = ""
        self.token = self.call(
            "POST", "/authenticate", {"application_token": self.simulator.application_token}
        )[1]["auth_token"]
        self.model = Model()
        for sim in self.get("/sim"):
            self.model.sims[sim["id"]] = sim["status"]["id"]
            if "endpoint" in sim:
                self.model.holder[sim["id"]] = sim["endpoint"]["id"]
        for endpoint in self.get("/endpoint"):
            self.model.endpoints[endpoint["id"]] = endpoint["status"]["id"]
            self.model.profile[endpoint["id"]] = endpoint["service_profile"]["id"]
        self.profiles = [profile["id"] for profile in self.get("/service_profile")]
        self.tariff = self.get("/tariff_profile")[0]["id"]
        self.registered = False

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.simulator.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.simulator.url) as client:
                headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
                version = "" if path.startswith("/api") else "/api/v1"
                return await client.request(method, f"{version}{path}", json=body, headers=headers)

        answer = anyio.run(ask)
        assert answer.status_code < 500, answer.text
        content = answer.json() if answer.content else {"location": answer.headers.get("Location")}
        return answer.status_code, content

    def get(self, path: str) -> Any:
        status, body = self.call("GET", path)
        assert status == 200, body
        return body

    def pick(self, number: int, choose: Callable[[int], bool] = lambda sim: True) -> int:
        """Return one of the SIMs that there are, or a number that there is not."""
        known = [sim for sim in sorted(self.model.sims) if choose(sim)]
        return known[number % len(known)] if known else 999

    @rule(number=st.integers(0, 30), wanted=st.integers(0, 4))
    def change_sim(self, number: int, wanted: int) -> None:
        sim = self.pick(number)
        status, _ = self.call("PATCH", f"/sim/{sim}", {"status": {"id": wanted}})
        if sim not in self.model.sims:
            assert status == 404
        elif wanted == self.model.sims[sim] or wanted in ALLOWED[self.model.sims[sim]]:
            assert status == 204
            self.model.move(sim, wanted)
        else:
            assert status == 409

    @rule(number=st.integers(0, 30))
    def delete_sim(self, number: int) -> None:
        sim = self.pick(number)
        status, _ = self.call("DELETE", f"/sim/{sim}")
        if sim not in self.model.sims:
            assert status == 404
        elif sim in self.model.holder:
            assert status == 409
        else:
            assert status == 204
            del self.model.sims[sim]
            self.model.events.append(10)

    @rule(
        target=endpoints,
        number=st.none() | st.integers(0, 30),
        status=st.sampled_from([ENABLED, DISABLED]),
        activate=st.booleans(),
        which=st.integers(0, 1),
    )
    def create_endpoint(self, number: int | None, status: int, activate: bool, which: int) -> Any:
        body: dict[str, Any] = {
            "name": "x",
            "status": {"id": status},
            "service_profile": {"id": self.profiles[which]},
            "tariff_profile": {"id": self.tariff},
        }
        sim = None if number is None else self.pick(number)
        if sim is not None:
            body["sim"] = {"id": sim, "activate": activate}
        answer, content = self.call("POST", "/endpoint", body)
        if sim is not None and sim not in self.model.sims:
            assert answer == 422
            return multiple()
        if sim in self.model.holder:
            assert answer == 409
            return multiple()
        assert answer == 201
        endpoint = int(content["location"].rpartition("/")[2])
        self.model.endpoints[endpoint] = status
        self.model.profile[endpoint] = self.profiles[which]
        if sim is not None:
            self.model.holder[sim] = endpoint
            if activate and self.model.sims[sim] != FACTORY_TEST:
                self.model.move(sim, FACTORY_TEST if self.model.sims[sim] == ISSUED else ACTIVATED)
            self.model.events.append(51)
        if status == ENABLED:
            self.model.events.append(42)
        return endpoint

    @rule(endpoint=endpoints, number=st.none() | st.integers(0, 30))
    def put_in_sim(self, endpoint: int, number: int | None) -> None:
        model = self.model
        sim = None if number is None else self.pick(number)
        status, _ = self.call("PATCH", f"/endpoint/{endpoint}", {"sim": {"id": sim}})
        if endpoint not in model.endpoints:
            assert status == 404
            return
        if sim is not None and sim not in model.sims:
            assert status == 422
            return
        if sim is not None and model.holder.get(sim, endpoint) != endpoint:
            assert status == 409
            return
        assert status == 204
        before = model.sim_of(endpoint)
        if before != sim:
            if before is not None:
                del model.holder[before]
                model.events.append(50)
            if sim is not None:
                model.holder[sim] = endpoint
                model.events.append(51)

    @rule(endpoint=endpoints, status=st.integers(0, 2), which=st.integers(0, 1))
    def change_endpoint(self, endpoint: int, status: int, which: int) -> None:
        body = {"status": {"id": status}, "service_profile": {"id": self.profiles[which]}}
        answer, _ = self.call("PATCH", f"/endpoint/{endpoint}", body)
        if endpoint not in self.model.endpoints:
            assert answer == 404
            return
        assert answer == (422 if status == 2 else 204)
        if status == 2:
            return
        self.model.profile[endpoint] = self.profiles[which]
        if self.model.endpoints[endpoint] != status:
            self.model.endpoints[endpoint] = status
            sim = self.model.sim_of(endpoint)
            if sim is not None and self.model.sims[sim] == FACTORY_TEST:
                self.model.move(sim, ACTIVATED)
            self.model.events.append(42 if status == ENABLED else 43)

    @rule(endpoint=endpoints)
    def delete_endpoint(self, endpoint: int) -> None:
        status, _ = self.call("DELETE", f"/endpoint/{endpoint}")
        if endpoint not in self.model.endpoints:
            assert status == 404
        elif self.model.sim_of(endpoint) is not None:
            assert status == 409
        else:
            assert status == 204
            del self.model.endpoints[endpoint], self.model.profile[endpoint]

    @rule(endpoint=endpoints, delete=st.booleans())
    def delete_endpoint_in_bulk(self, endpoint: int, delete: bool) -> None:
        path = f"/api/v2/endpoint/multi?delete_sims={str(delete).lower()}"
        status, _ = self.call("DELETE", path, [{"id": endpoint}])
        model = self.model
        if endpoint not in model.endpoints:
            assert status == 404
            return
        assert status == 204
        sim = model.sim_of(endpoint)
        del model.endpoints[endpoint], model.profile[endpoint]
        if sim is None:
            return
        del model.holder[sim]
        model.events.append(50)
        if delete:
            del model.sims[sim]
            model.events.append(10)
        elif model.sims[sim] == ACTIVATED:
            model.move(sim, SUSPENDED)

    @precondition(lambda self: not self.registered)
    @rule(status=st.sampled_from([None, ISSUED, ACTIVATED, SUSPENDED, FACTORY_TEST]))
    def register_batch(self, status: int | None) -> None:
        body = {} if status is None else {"sim_status": {"id": status}}
        answer, content = self.call("PATCH", f"/sim_batch/bic/{self.simulator.bic}", body)
        if status == SUSPENDED:
            assert answer == 422
            return
        assert answer == 200
        self.registered = True
        self.model.events.append(48)
        for sim in content["sim"]:
            self.model.sims[sim["id"]] = ISSUED
        for sim in content["sim"]:
            self.model.move(sim["id"], ISSUED if status is None else status)

    @rule(which=st.integers(0, 1))
    def delete_profile(self, which: int) -> None:
        profile = self.profiles[which]
        in_use = profile in self.model.profile.values()
        if in_use:
            assert self.call("DELETE", f"/service_profile/{profile}")[0] == 409

    @invariant()
    def the_server_says_the_same(self) -> None:
        model = self.model
        sims = self.get("/sim")
        assert {sim["id"]: sim["status"]["id"] for sim in sims} == model.sims
        held = {sim["id"]: sim["endpoint"]["id"] for sim in sims if "endpoint" in sim}
        assert held == model.holder
        endpoints = self.get("/endpoint")
        assert {each["id"]: each["status"]["id"] for each in endpoints} == model.endpoints
        assert {each["sim"]["id"]: each["id"] for each in endpoints if "sim" in each} == model.holder
        assert {each["id"] for each in self.get("/endpoint?q=sim_status:null")} == set(model.endpoints) - set(
            model.holder.values()
        )
        assert {each["id"] for each in self.get("/sim?q=endpoint:null")} == set(model.sims) - set(
            model.holder
        )
        for profile in self.get("/service_profile"):
            assert int(profile["used_count"]) == list(model.profile.values()).count(profile["id"])

    @invariant()
    def every_event_was_written(self) -> None:
        written = [event["event_type"]["id"] for event in self.get("/event?per_page=1000")]
        assert [kind for kind in written if kind != 0] == self.model.events


Rules.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestRules = Rules.TestCase

"""Paging, filtering, sorting and the headers that describe a page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio

SIMS = "/api/v1/sim"


def paging(answer):
    return [int(answer.headers[f"X-{name}"]) for name in ("Current-Page", "Total-Pages", "Total-Count")]


@pytest.mark.parametrize(
    ("params", "page", "pages", "size", "first"),
    [
        ({}, 1, 1, 2000, 1),
        ({"page": 2, "per_page": 20}, 2, 3, 20, 21),
        ({"page": 3, "per_page": 20}, 3, 3, 20, 41),
        ({"page": 0, "per_page": 20}, 1, 3, 20, 1),
        ({"page": -4, "per_page": 20}, 1, 3, 20, 1),
        ({"page": 9, "per_page": 20}, 3, 3, 20, 41),
        ({"page": 10**30, "per_page": 20}, 3, 3, 20, 41),
        ({"per_page": 0}, 1, 1, 2000, 1),
        ({"per_page": -1}, 1, 1, 2000, 1),
        ({"per_page": 99999}, 1, 1, 2500, 1),
        ({"page": "", "per_page": ""}, 1, 1, 2000, 1),
    ],
)
async def test_pages(sim, session, params, page, pages, size, first):
    async with session(sim) as client:
        answer = await client.get(SIMS, params=params)
    assert paging(answer) == [page, pages, 50]
    assert answer.headers["X-Count-Per-Page"] == str(size)
    assert answer.headers["X-Sort"] == "id"
    assert "X-Filter" not in answer.headers
    assert answer.json()[0]["id"] == first


@pytest.mark.parametrize("params", [{"page": "two"}, {"per_page": "1.5"}])
async def test_a_page_that_is_no_number(sim, session, params):
    async with session(sim) as client:
        answer = await client.get(SIMS, params=params)
    assert (answer.status_code, answer.json()["error_code"]) == (400, 1000)


async def test_every_sim_is_on_exactly_one_page(sim, session):
    async with session(sim) as client:
        seen = []
        for page in range(1, 9):
            seen += [
                item["id"] for item in (await client.get(SIMS, params={"page": page, "per_page": 7})).json()
            ]
    assert seen == list(range(1, 51))


async def test_links(sim, session):
    async with session(sim) as client:
        middle = await client.get(SIMS, params={"page": 2, "per_page": 5, "q": "status:1"})
        first = await client.get(SIMS, params={"per_page": 20})
        last = await client.get(SIMS, params={"per_page": 20, "page": 3})
    assert set(middle.links) == {"first", "prev", "next", "last"}
    assert "page=3" in middle.links["next"]["url"]
    assert set(first.links) == {"first", "next", "last"}
    assert set(last.links) == {"first", "prev", "last"}
    assert "q=status%3A1" in middle.links["first"]["url"]
    assert first.links["last"]["url"].endswith("page=3")


async def test_an_empty_list_is_one_empty_page(make_sim, session):
    async with session(make_sim(sims=0, limits=None)) as client:
        answer = await client.get(SIMS, params={"page": 4})
    assert answer.json() == []
    assert paging(answer) == [1, 1, 0]


async def test_large_answers_are_gzipped(sim, session):
    async with session(sim) as client:
        assert (await client.get(SIMS)).headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in (await client.get("/api/v1/endpoint/status")).headers
        plain = await client.get(SIMS, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert len(plain.json()) == 50


async def everything(client, path=SIMS, **params):
    answer = await client.get(path, params={"per_page": 1000} | params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("status", range(5))
async def test_filter_by_status(sim, session, status):
    async with session(sim) as client:
        expected = [item["id"] for item in await everything(client) if item["status"]["id"] == status]
        answer = await client.get(SIMS, params={"q": f"status:{status}"})
    assert [item["id"] for item in answer.json()] == expected
    assert answer.headers["X-Filter"] == f"status:{status}"
    assert answer.headers["X-Total-Count"] == str(len(expected))


async def test_filters_by_identifiers_and_references(sim, session):
    async with session(sim) as client:
        whole = await everything(client)
        one = whole[6]
        for field in ("id", "iccid", "iccid_with_luhn", "imsi", "msisdn"):
            assert await everything(client, q=f"{field}:{one[field]}") == [one]
            assert await everything(client, q=f"{field}:{one[field]}0") == []
        free = [item for item in whole if "endpoint" not in item]
        held = next(item for item in whole if "endpoint" in item)
        assert await everything(client, q="endpoint:null") == free
        assert await everything(client, q=f"endpoint:{held['endpoint']['id']}") == [held]
        assert await everything(client, q="endpoint:999999") == []
        active_free = [item for item in free if item["status"]["id"] == 1]
        assert await everything(client, q="status:1,endpoint:null") == active_free
        assert await everything(client, q=f"status:{1 - one['status']['id']},iccid:{one['iccid']}") == []
        classic = await everything(client, q="reseller_org:null,eid:null,satellite_capable:false,model:4")
        esims = await everything(client, q="model:5")
        assert (len(classic), [item["id"] for item in esims]) == (45, [7, 17, 27, 37, 47])
        assert await everything(client, q=f"eid:{esims[1]['eid']}") == [esims[1]]
        assert await everything(client, q=f"model:5,eid:{esims[1]['eid'][:-2]}00") == []
        assert await everything(client, q="issuer_org:3") == []
        assert len(await everything(client, q=f"customer_org:{sim.organisation_id}")) == 50
        assert len(await everything(client, q="production_date:2020-01-01")) == 50


async def test_filters_see_changes(sim, session):
    async with session(sim) as client:
        before = await everything(client, q="status:1")
        target = before[0]["id"]
        await client.patch(f"{SIMS}/{target}", json={"status": {"id": 2}})
        assert await everything(client, q="status:1") == before[1:]
        assert target in [item["id"] for item in await everything(client, q="status:2")]


@pytest.mark.parametrize(
    "q",
    [
        "colour:red",
        "status",
        "status:",
        "status:active",
        "satellite_capable:maybe",
        ",",
        "id:1,",
    ],
)
async def test_bad_filters(sim, session, q):
    async with session(sim) as client:
        answer = await client.get(SIMS, params={"q": q})
    assert answer.status_code == 422
    assert (answer.json()["error_code"], answer.json()["error_token"]) == (1301, "InvalidQueryCriteria")


@pytest.mark.parametrize("sort", ["colour", "-msisdn", "id,"])
async def test_bad_sorts(sim, session, sort):
    async with session(sim) as client:
        answer = await client.get(SIMS, params={"sort": sort})
    assert answer.status_code == 422
    assert (answer.json()["error_code"], answer.json()["error_token"]) == (1302, "InvalidSortCriteria")


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("-id", lambda item: -item["id"]),
        ("+id", lambda item: item["id"]),
        ("-iccid", lambda item: -item["id"]),
        ("status", lambda item: (item["status"]["id"], item["id"])),
        ("-status", lambda item: (-item["status"]["id"], item["id"])),
        ("status,-id", lambda item: (item["status"]["id"], -item["id"])),
        ("-id,id", lambda item: -item["id"]),
        ("model,-production_date", lambda item: (item["model"]["id"], item["id"])),
        ("-eid", lambda item: (-int(item.get("eid", 0)), item["id"])),
        ("endpoint,-id", lambda item: (item.get("endpoint", {}).get("id", 0), -item["id"])),
    ],
)
async def test_sorting_of_sims(sim, session, sort, key):
    async with session(sim) as client:
        whole = await everything(client)
        assert await everything(client, sort=sort) == sorted(whole, key=key)
        some = await everything(client, sort=sort, q="status:1")
    assert some == [item for item in sorted(whole, key=key) if item["status"]["id"] == 1]


@pytest.mark.parametrize("field", ["id", "status", "last_updated", "created", "name", "tags", "imei"])
async def test_sorting_of_endpoints(sim, session, field):
    def key(item):
        value = item[field]["id"] if field == "status" else item[field]
        return (value is not None, value or "" if field in ("tags", "imei") else value)

    async with session(sim) as client:
        whole = await everything(client, "/api/v1/endpoint")
        assert await everything(client, "/api/v1/endpoint", sort=field) == sorted(whole, key=key)
        backwards = sorted(whole, key=key, reverse=True)
        assert await everything(client, "/api/v1/endpoint", sort=f"-{field}") == backwards


async def test_endpoint_lists(sim, session):
    path = "/api/v1/endpoint"
    async with session(sim) as client:
        answer = await client.get(path)
        whole = answer.json()
        assert paging(answer) == [1, 1, 31]
        assert answer.headers["X-Count-Per-Page"] == "1000"
        one = whole[4]
        for field in ("id", "name", "ip_address"):
            assert await everything(client, path, q=f"{field}:{one[field]}") == [one]
        for field in ("created", "last_updated"):
            value = one[field].partition(".")[0]
            expected = [item for item in whole if item[field].startswith(value)]
            assert await everything(client, path, q=f"{field}:{value}") == expected
        disabled = [item for item in whole if item["status"]["id"] == 1]
        assert await everything(client, path, q="status:1") == disabled
        active = [item for item in whole if item.get("sim", {}).get("status", {}).get("id") == 1]
        assert await everything(client, path, q="sim_status:1") == active
        assert await everything(client, path, q="sim_status:null") == [
            item for item in whole if "sim" not in item
        ]
        assert await everything(client, path, q="imei:null") == [
            item for item in whole if item["imei"] is None
        ]
        assert await everything(client, path, q="tags:null") == [
            item for item in whole if item["tags"] is None
        ]
        outdoor = [item for item in whole if "outdoor" in (item["tags"] or "")]
        assert await everything(client, path, q="tags:outdoor") == outdoor
        assert (await client.get(path, params={"q": "ip_address:nonsense"})).status_code == 422


async def test_filters_of_endpoints_by_their_sim_and_profiles(sim, session):
    path = "/api/v1/endpoint"
    async with session(sim) as client:
        whole = await everything(client, path)
        held = [item for item in whole if "sim" in item]
        cards = {item["id"]: item for item in await everything(client)}
        esim = next(item for item in held if "eid" in cards[item["sim"]["id"]])
        for field in ("iccid", "iccid_with_luhn"):
            assert await everything(client, path, q=f"{field}:{esim['sim'][field]}") == [esim]
            assert await everything(client, path, q=f"{field}:{esim['sim'][field]}0") == []
            assert await everything(client, path, q=f"{field}:null") == [i for i in whole if "sim" not in i]
        assert await everything(client, path, q=f"eid:{cards[esim['sim']['id']]['eid']}") == [esim]
        assert await everything(client, path, q="eid:null") == [
            item for item in whole if "sim" not in item or "eid" not in cards[item["sim"]["id"]]
        ]
        free = next(item for item in cards.values() if "endpoint" not in item)
        assert await everything(client, path, q=f"iccid:{free['iccid']}") == []
        for field in ("service_profile", "tariff_profile"):
            second = whole[8][field]["id"]
            assert whole[0][field]["id"] != second
            found = await everything(client, path, q=f"{field}:{second}")
            assert found == [item for item in whole if item[field]["id"] == second]
            assert await everything(client, path, q=f"{field}:null") == []
            assert (await client.get(path, params={"q": f"{field}:Default"})).json()["error_code"] == 1301


async def test_endpoints_sorted_by_their_eid_and_profiles(sim, session):
    path = "/api/v1/endpoint"
    async with session(sim) as client:
        whole = await everything(client, path)
        eids = {item["id"]: item.get("eid", "") for item in await everything(client)}
        by_eid = await everything(client, path, sort="-eid")
        by_profiles = await everything(client, path, sort="-service_profile,tariff_profile")
    key = {item["id"]: eids.get(item.get("sim", {}).get("id"), "") for item in whole}
    assert any(key.values())
    assert by_eid == sorted(whole, key=lambda item: key[item["id"]], reverse=True)
    assert by_profiles == sorted(
        sorted(whole, key=lambda item: item["tariff_profile"]["id"]),
        key=lambda item: item["service_profile"]["id"],
        reverse=True,
    )


@pytest.mark.parametrize(
    ("path", "most"), [("/api/v1/endpoint", 1000), ("/api/v1/euicc", 1000), (SIMS, 2500)]
)
async def test_the_largest_page_is_the_published_one(sim, session, path, most):
    async with session(sim) as client:
        answer = await client.get(path, params={"per_page": 99_999})
    assert answer.headers["X-Count-Per-Page"] == str(most)


@pytest.mark.parametrize("number", ["1.0", "1.00e0", "10E-1"])
async def test_a_whole_number_written_as_a_float_is_one(sim, session, number):
    """The vendor's SDK sends ``{"status": {"id": 1.0}}``, and the API took it."""
    json = {"Content-Type": "application/json"}
    async with session(sim) as client:
        endpoint = (await client.get("/api/v1/endpoint", params={"q": "status:0", "per_page": 1})).json()[0]
        path = f"/api/v1/endpoint/{endpoint['id']}"
        fraction = await client.patch(path, content='{"status": {"id": 1.5}}', headers=json)
        assert (fraction.status_code, (await client.get(path)).json()["status"]["id"]) == (422, 0)
        whole = await client.patch(path, content=f'{{"status": {{"id": {number}}}}}', headers=json)
        assert (whole.status_code, (await client.get(path)).json()["status"]["id"]) == (204, 1)


async def test_the_headers_of_newer_recordings(sim, session):
    async with session(sim) as client:
        answer = await client.get(SIMS, params={"page": 2, "per_page": 20})
        same = await client.get(SIMS, params={"page": 2, "per_page": 20})
        other = await client.get(SIMS, params={"page": 1, "per_page": 20})
        events = await client.get("/api/v1/event")
    for newer, older in (
        ("X-Count", "X-Total-Count"),
        ("X-Page", "X-Current-Page"),
        ("X-Pages", "X-Total-Pages"),
        ("X-Per-Page", "X-Count-Per-Page"),
    ):
        assert answer.headers[newer] == answer.headers[older]
        assert newer not in events.headers
    assert answer.headers["X-Powered-By"] == "Express"
    assert answer.headers["Link"]
    assert answer.headers["ETag"].startswith('W/"')
    assert same.headers["ETag"] == answer.headers["ETag"] != other.headers["ETag"]


async def test_queries_that_the_api_does_not_have(sim, session):
    async with session(sim) as client:
        assert (await client.get(SIMS, params={"status": 1})).headers["X-Total-Count"] == "50"
        refused = await client.get(SIMS, params={"q": "8900101"})
        assert (refused.status_code, refused.json()["error_code"]) == (422, 1301)
        encoded = await client.get("/api/v1/endpoint?q=id%3A1")
        assert [item["id"] for item in encoded.json()] == [1]
        for path in (f"{SIMS}/", "/api/v1/endpoint/1/balance", "/api/v1/cnc/region", "/api/v1/data_stream"):
            assert (await client.get(path)).status_code == 404

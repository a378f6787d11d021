"""What the residency audit answers, and what it records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from intelgraph_server.database.engine import Database
    from intelgraph_server.testing import Demo

    Ask = Callable[..., Awaitable[Any]]

AUDIT = """
query ($status: ResidencyStatus, $first: Int! = 20, $after: String) {
  residencyAudit(status: $status, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { datasetId exportId status jurisdiction destJurisdiction exportedAt } }
  }
}
"""
SUMMARY = "{ residencySummary { noExports unknown compliant violations compliantShare } }"
DATASETS = "{ datasets(first: 100) { edges { node { id region jurisdiction } } } }"
RECORD_DATASET = """
mutation ($id: ID!, $region: String!) {
  recordDataset(input: {id: $id, region: $region}) { id region jurisdiction recordedAt }
}
"""
RECORD_EXPORT = """
mutation ($input: RecordExportInput!) {
  recordExport(input: $input) { id datasetId destRegion exportedAt recordedAt }
}
"""
EXPORT = {
    "id": "exp_new",
    "datasetId": "dat_drafts",
    "destRegion": "eu",
    "exportedAt": "2026-04-14T10:00:00.123456+02:00",
}


@pytest.fixture
def settings(filled: Database) -> Settings:
    """A seeded database for one test alone, because these tests write."""
    return Settings(
        database_url=filled.engine.url.render_as_string(hide_password=False),
        signing_key="a key for tests that is long enough to sign with",
        clock=DEFAULT_CLOCK,
    )


def code(reply: Any) -> str:
    return str(reply["errors"][0]["extensions"]["code"])


async def test_acme_has_every_status_and_each_can_be_asked_for_alone(ask: Ask) -> None:
    counts = {}
    for status in ("NO_EXPORTS", "UNKNOWN", "COMPLIANT", "VIOLATION"):
        page = (await ask(AUDIT, status=status))["data"]["residencyAudit"]
        counts[status] = page["totalCount"]
        assert {edge["node"]["status"] for edge in page["edges"]} == {status}

    assert counts == {"NO_EXPORTS": 1, "UNKNOWN": 2, "COMPLIANT": 2, "VIOLATION": 2}


async def test_pages_of_the_audit_follow_each_other(ask: Ask) -> None:
    whole = (await ask(AUDIT))["data"]["residencyAudit"]["edges"]
    paged: list[Any] = []
    after, has_more = None, True

    while has_more:
        page = (await ask(AUDIT, first=2, after=after))["data"]["residencyAudit"]
        paged += page["edges"]
        after, has_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert paged == whole
    assert len(whole) == 7


async def test_an_export_that_cannot_be_judged_lowers_the_share(ask: Ask) -> None:
    before = (await ask(SUMMARY))["data"]["residencySummary"]

    await ask(RECORD_EXPORT, input=EXPORT | {"destRegion": None})
    after = (await ask(SUMMARY))["data"]["residencySummary"]

    assert before["compliantShare"] == 2 / 6
    assert after["compliantShare"] == 2 / 7
    assert after["unknown"] == before["unknown"] + 1
    assert after["noExports"] == 0


async def test_nothing_exported_is_no_share_at_all(ask: Ask) -> None:
    summary = (await ask(SUMMARY, tenant="initech"))["data"]["residencySummary"]

    assert summary["compliantShare"] is None
    assert set(summary.values()) == {0, None}


async def test_a_recorded_dataset_and_its_export_are_read_back(ask: Ask) -> None:
    dataset = await ask(RECORD_DATASET, id="dat_new", region="jp")
    export = await ask(RECORD_EXPORT, input=EXPORT | {"datasetId": "dat_new"})
    rows = (await ask(AUDIT, status="VIOLATION"))["data"]["residencyAudit"]["edges"]

    assert dataset["data"]["recordDataset"] == {
        "id": "dat_new",
        "region": "jp",
        "jurisdiction": "JP",
        "recordedAt": "2026-04-15T00:00:00Z",
    }
    assert export["data"]["recordExport"]["exportedAt"] == "2026-04-14T08:00:00.123456Z"
    assert rows[-1]["node"] == {
        "datasetId": "dat_new",
        "exportId": "exp_new",
        "status": "VIOLATION",
        "jurisdiction": "JP",
        "destJurisdiction": "EU",
        "exportedAt": "2026-04-14T08:00:00.123456Z",
    }


async def test_recording_the_same_again_answers_the_first_row(ask: Ask) -> None:
    seeded = await ask(RECORD_DATASET, id="dat_drafts", region="eu-north-1")
    first = await ask(RECORD_EXPORT, input=EXPORT)
    again = await ask(RECORD_EXPORT, input=EXPORT)

    assert seeded["data"]["recordDataset"]["recordedAt"] == "2026-01-15T00:00:00Z"
    assert first == again
    assert "errors" not in again
    assert (await ask(AUDIT))["data"]["residencyAudit"]["totalCount"] == 7


@pytest.mark.parametrize(
    "change",
    [
        {"datasetId": "dat_archive"},
        {"destRegion": "us"},
        {"destRegion": None},
        {"exportedAt": "2026-04-14T10:00:00.123457+02:00"},
    ],
    ids=str,
)
async def test_an_id_that_stands_for_another_export_is_refused(
    ask: Ask, change: dict[str, str | None]
) -> None:
    first = await ask(RECORD_EXPORT, input=EXPORT)
    other = await ask(RECORD_EXPORT, input=EXPORT | change)

    assert code(other) == "BAD_USER_INPUT"
    assert other["errors"][0]["message"] == (
        "The export `exp_new` is already recorded, and it is another one."
    )
    assert await ask(RECORD_EXPORT, input=EXPORT) == first


async def test_an_id_that_stands_for_another_dataset_is_refused(ask: Ask) -> None:
    other = await ask(RECORD_DATASET, id="dat_drafts", region="us")

    assert code(other) == "BAD_USER_INPUT"
    assert other["errors"][0]["message"] == (
        "The dataset `dat_drafts` is already recorded, in another region."
    )


@pytest.mark.parametrize(
    "change",
    [
        {"id": "no id"},
        {"datasetId": "gone"},
        {"datasetId": "dat_ledger"},
        {"destRegion": "Europe"},
        {"destRegion": ""},
    ],
    ids=str,
)
async def test_an_export_that_does_not_fit_the_rules_is_refused(
    ask: Ask, change: dict[str, str]
) -> None:
    reply = await ask(RECORD_EXPORT, input=EXPORT | change)

    assert code(reply) == "BAD_USER_INPUT"
    assert (await ask(AUDIT))["data"]["residencyAudit"]["totalCount"] == 7


@pytest.mark.parametrize(("id_", "region"), [("", "eu"), ("a b", "eu"), ("a", "EU"), ("a", "")])
async def test_a_dataset_that_does_not_fit_the_rules_is_refused(
    ask: Ask, id_: str, region: str
) -> None:
    assert code(await ask(RECORD_DATASET, id=id_, region=region)) == "BAD_USER_INPUT"


async def test_a_mutation_that_fails_in_part_leaves_nothing(ask: Ask) -> None:
    before = await ask(DATASETS)

    reply = await ask(
        """mutation {
          good: recordDataset(input: {id: "dat_new", region: "eu"}) { id }
          bad: recordDataset(input: {id: "dat_drafts", region: "us"}) { id }
        }"""
    )

    assert code(reply) == "BAD_USER_INPUT"
    assert await ask(DATASETS) == before


async def test_another_tenants_ids_are_free_to_take(ask: Ask) -> None:
    theirs = await ask(DATASETS, tenant="globex")

    mine = await ask(RECORD_DATASET, id="dat_ledger", region="eu")

    assert "errors" not in mine
    assert await ask(DATASETS, tenant="globex") == theirs


async def test_a_tenant_that_the_server_does_not_have_records_nothing(ask: Ask) -> None:
    assert code(await ask(RECORD_DATASET, tenant="nobody", id="a", region="eu")) == "FORBIDDEN"


async def test_whoever_may_read_may_not_therefore_write(
    demo: Demo, http: httpx.AsyncClient
) -> None:
    reader = demo.server.token("acme", ["residency.read"])
    headers = {"Authorization": f"Bearer {reader}"}
    variables = {"id": "dat_new", "region": "eu"}

    read = await http.post("/graphql", json={"query": SUMMARY}, headers=headers)
    written = await http.post(
        "/graphql", json={"query": RECORD_DATASET, "variables": variables}, headers=headers
    )

    assert "errors" not in read.json()
    assert code(written.json()) == "FORBIDDEN"


async def test_a_mutation_by_get_is_refused_and_does_nothing(
    demo: Demo, http: httpx.AsyncClient, ask: Ask
) -> None:
    before = await ask(DATASETS)
    query = 'mutation { recordDataset(input: {id: "dat_new", region: "eu"}) { id } }'

    reply = await http.get(
        "/graphql",
        params={"query": query},
        headers={"Authorization": f"Bearer {demo.token('acme')}"},
    )

    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    assert await ask(DATASETS) == before

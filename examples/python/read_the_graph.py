"""Reads trust tiles, invoices and one entity through the generated client.

INTELGRAPH_URL and INTELGRAPH_API_KEY say where and as whom.
"""

from __future__ import annotations

from intelgraph import IntelGraph
from intelgraph.generated.fragments import EntityDetailsOrganization


def main() -> None:
    with IntelGraph() as client:
        for tile in client.trust_tiles():
            print(f"tile     {tile.kind:<12} {tile.status:<10} since {tile.updated_at:%Y-%m-%d}")

        invoices = client.invoices()
        total = sum(invoice.amount.value for invoice in invoices)
        print(f"invoices {len(invoices)} of them, {total} USD together")

        page = client.list_entities(first=3)
        print(f"entities {page.total_count} in all; the latest:")
        for edge in page.edges:
            print(f"         {edge.node.name}")

        entity = client.get_entity(id="org_meridian")
        if isinstance(entity, EntityDetailsOrganization):
            print(f"entity   {entity.name}, registered in {entity.jurisdiction}")


if __name__ == "__main__":
    main()

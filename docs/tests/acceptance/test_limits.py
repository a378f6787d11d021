"""Each limit of `limits.json` is still there; a probe that fails says that its line has to go."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from typing import TYPE_CHECKING

import story
from pyhanko.pdf_utils.reader import PdfFileReader
from repository import files, text

if TYPE_CHECKING:
    from reference_server import ReferenceServer

SERVER = "reference-server/src/intelgraph_server"


def invoice(server: ReferenceServer) -> bytes:
    with story.client_of(server) as client:
        return story.download(client.download_invoice(id=client.invoices()[-1].id))


def test_the_archive_standard_is_declared_and_not_validated(live: ReferenceServer) -> None:
    assert b"pdfaid" in invoice(live)
    assert shutil.which("verapdf") is None


def test_a_signature_carries_no_timestamp_of_others(live: ReferenceServer) -> None:
    (signature,) = PdfFileReader(BytesIO(invoice(live))).embedded_signatures

    assert signature.signer_info["unsigned_attrs"].native is None


def test_the_lake_has_no_log_that_proves_completeness() -> None:
    sources = [text(name) for name in files() if name == f"{SERVER}/lake.py"]

    assert sources
    assert not re.search(r"merkle|inclusion", "".join(sources), re.IGNORECASE)


def test_payments_run_in_the_sandbox_unless_a_key_is_given(live: ReferenceServer) -> None:
    with story.client_of(live, "globex") as client:
        page = client.create_checkout(plugin_id=story.PLUGIN)
        client.void_order(id=story.open_order(client).id)

    assert "/_sandbox/stripe/" in page


def test_budgets_are_counted_in_memory() -> None:
    assert "sqlalchemy" not in text(f"{SERVER}/observe/limiter.py")


def test_nothing_tunes_a_detector() -> None:
    sdl = text("schema/sdl/anomaly.graphql")
    mutations = re.findall(r"^  (\w+)\(", sdl.partition("extend type Mutation")[2], re.MULTILINE)

    assert "acknowledgeIncident" in mutations
    assert [name for name in mutations if re.search("tune|threshold", name, re.IGNORECASE)] == []

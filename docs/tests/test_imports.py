"""The import contracts of `pyproject.toml` bite: each fails once its violation is planted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from repository import PYTHON_PACKAGES, ROOT, text

# One planted import for each contract, by the contract's name.
VIOLATIONS = {
    "packages meet only in schema/": ("intelgraph/_errors.py", "import intelgraph_server"),
    "sdk-python: deciding knows nothing of doing": (
        "intelgraph/_wire.py",
        "import intelgraph._drive",
    ),
    "sdk-python: generated code imports the runtime alone": (
        "intelgraph/generated/client.py",
        "import intelgraph._wire",
    ),
    "sdk-python: httpx is behind the transport": ("intelgraph/_options.py", "import httpx"),
    "sdk-python: tenacity decides retries and nothing else": (
        "intelgraph/_client.py",
        "import tenacity",
    ),
    "sdk-python: pydantic reads replies and nothing else": (
        "intelgraph/_inputs.py",
        "import pydantic",
    ),
    "sdk-python: other clients' libraries are behind contrib": (
        "intelgraph/contrib/ariadne/_client.py",
        "import graphql",
    ),
    "sdk-python: OpenTelemetry is behind its hook": (
        "intelgraph/_events.py",
        "import opentelemetry",
    ),
    "codegen: emitters know the IR, not GraphQL": (
        "intelgraph_codegen/typescript/__init__.py",
        "import graphql",
    ),
    "codegen: what comes from outside is read without a GraphQL library": (
        "intelgraph_codegen/introspection.py",
        "import graphql",
    ),
    "codegen: emitters do not know each other": (
        "intelgraph_codegen/python/__init__.py",
        "import intelgraph_codegen.typescript",
    ),
    "server: domains are islands above the plumbing": (
        "intelgraph_server/billing/store.py",
        "import intelgraph_server.entities.store",
    ),
    "server: in a domain, resolvers ask the store, and the model knows nobody": (
        "intelgraph_server/billing/model.py",
        "import intelgraph_server.billing.store",
    ),
    "server: models and rules are plain Python": (
        "intelgraph_server/residency_audit/rules.py",
        "import graphql",
    ),
    "server: HTTP stays at the edge, SQL in the stores": (
        "intelgraph_server/billing/resolvers.py",
        "import sqlalchemy",
    ),
    "server: the engine does not know that it is served over HTTP": (
        "intelgraph_server/engine/execute.py",
        "import starlette",
    ),
    "server: documents and texts know no domain, and nothing of HTTP or SQL": (
        "intelgraph_server/documents/pdf.py",
        "import intelgraph_server.billing.model",
    ),
    "server: typst typesets behind documents.pdf": (
        "intelgraph_server/documents/bundle.py",
        "import typst",
    ),
    "server: pyHanko signs and verifies PDFs and nothing else": (
        "intelgraph_server/documents/bundle.py",
        "import pyhanko.keys",
    ),
    "server: obstore is behind the lake": (
        "intelgraph_server/downloads.py",
        "import obstore",
    ),
    "server: stripe is behind the payments' provider": (
        "intelgraph_server/billing/store.py",
        "import stripe",
    ),
    "server: regopy is behind the trust portal's policy": (
        "intelgraph_server/trust_portal/store.py",
        "import regopy",
    ),
    "server: fluent and babel are behind the texts": (
        "intelgraph_server/http.py",
        "import babel.numbers",
    ),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What lint-imports says of a copy of all sources in which every violation is planted."""
    folder = tmp_path_factory.mktemp("planted")
    for package, module in PYTHON_PACKAGES.items():
        shutil.copytree(ROOT / package / "src" / module, folder / module)
    for name, line in VIOLATIONS.values():
        place = folder / name
        place.write_text(f"{place.read_text('utf-8')}\n{line}\n", "utf-8")
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--config", ROOT / "pyproject.toml", "--no-cache"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
    )
    return done.stdout


def test_every_contract_has_a_violation_that_tries_it() -> None:
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]

    assert {contract["name"] for contract in contracts} == VIOLATIONS.keys()


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_import_breaks_its_contract(contract: str, report: str) -> None:
    assert f"{contract} BROKEN" in " ".join(report.split()), report

"""The Terraform modules: those of the specification, refusing what the decisions refuse.

They are parsed everywhere; where there is a `terraform` they are planned too, for which nothing
is downloaded.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import hcl2
import pytest
from repository import ROOT, files, text

if TYPE_CHECKING:
    from pathlib import Path

ROOM = "reference-server/terraform"
SOURCES = [name for name in files() if name.startswith(f"{ROOM}/") and name.endswith(".tf")]
REQUIRE_VARIABLE = "INTELGRAPH_REQUIRE_TERRAFORM"
# Those of the specification, word for word.
TRUST_PORTAL = {
    "source": "./modules/portal",
    "domain": "trust.intelgraph.example",
    "signed_urls": True,
}
BILLING = {
    "source": "./modules/billing",
    "stripe_mode": "test",
    "webhook_secret": "${var.stripe_webhook_secret}",
}


def plain(parsed: Any) -> Any:
    """What was parsed, without the parser's own quotes and marks."""
    if isinstance(parsed, dict):
        return {plain(k): plain(v) for k, v in parsed.items() if not k.startswith("__")}
    if isinstance(parsed, list):
        return [plain(item) for item in parsed]
    return parsed.strip('"') if isinstance(parsed, str) else parsed


def blocks(name: str, kind: str) -> dict[str, Any]:
    """The blocks of one kind in a file, by their names."""
    parsed = plain(hcl2.loads(text(f"{ROOM}/{name}")))
    return {name: block for entry in parsed.get(kind, []) for name, block in entry.items()}


def test_the_modules_of_the_specification_are_there_with_its_arguments() -> None:
    assert blocks("main.tf", "module") == {"trust_portal": TRUST_PORTAL, "billing": BILLING}


@pytest.mark.parametrize("module", ["portal", "billing"])
def test_a_module_has_every_variable_that_it_is_given_and_validates_it(module: str) -> None:
    given = next(
        arguments
        for arguments in blocks("main.tf", "module").values()
        if arguments["source"] == f"./modules/{module}"
    )

    variables = blocks(f"modules/{module}/variables.tf", "variable")

    assert given.keys() - {"source"} <= variables.keys()
    assert [name for name, block in variables.items() if not block.get("validation")] == []
    assert [name for name, block in variables.items() if not block.get("description")] == []


def test_every_secret_is_marked_as_one_wherever_it_goes() -> None:
    secrets = [
        block["sensitive"]
        for name in SOURCES
        for variable, block in blocks(name.removeprefix(f"{ROOM}/"), "variable").items()
        if re.search("secret|key", variable)
    ]

    assert secrets == [True, True, True]
    assert blocks("main.tf", "output")["environment"]["sensitive"] is True


def test_the_outputs_are_variables_that_the_server_reads() -> None:
    settings = text("reference-server/src/intelgraph_server/settings.py")
    known = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', settings))
    outputs = [blocks(f"modules/{m}/outputs.tf", "output") for m in ("portal", "billing")]

    named = {name for output in outputs for name in output["environment"]["value"]}

    assert len(named) == 4
    assert named <= known


def test_nothing_need_be_downloaded() -> None:
    words = "\n".join(map(text, SOURCES))

    assert len(SOURCES) == 7
    assert not re.search(r"required_providers|^(provider|resource|data) ", words, re.MULTILINE)
    assert set(re.findall(r'source\s*= "(.+)"', words)) == {"./modules/portal", "./modules/billing"}


def terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("terraform") or shutil.which("tofu")
    if program is None and os.environ.get(REQUIRE_VARIABLE) == "1":
        pytest.fail(f"{REQUIRE_VARIABLE} is 1, but there is no terraform")
    if program is None:
        pytest.skip("terraform: not run (it is not installed)")
    command = [program, f"-chdir={folder}", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy that Terraform may write beside."""
    shutil.copytree(ROOT / ROOM, tmp_path / "terraform")
    return tmp_path / "terraform"


def plan(folder: Path, webhook: str = "whsec_test") -> subprocess.CompletedProcess[str]:
    started = terraform(folder, "init", "-input=false", "-no-color")
    assert started.returncode == 0, started.stderr
    return terraform(
        folder, "plan", "-input=false", "-no-color", f"-var=stripe_webhook_secret={webhook}"
    )


def test_the_modules_are_planned_and_no_secret_is_shown(folder: Path) -> None:
    planned = plan(folder, "whsec_hunter2")

    assert planned.returncode == 0, planned.stderr
    assert '"https://trust.intelgraph.example/stripe/webhook"' in planned.stdout
    assert "(sensitive value)" in planned.stdout
    assert "hunter2" not in planned.stdout


@pytest.mark.parametrize(
    ("written", "instead", "refusal"),
    [
        ('"test"', '"live"', "Billing runs in Stripe's test mode only"),
        ("signed_urls = true", "signed_urls = false", "Links to evidence are always signed"),
        ('"trust.intelgraph.example"', '"https://trust.example/"', "The domain is a host name"),
        ('"test"\n', '"test"\n  secret_key = "sk_live_1"\n', "The key is one of Stripe's test"),
        ("signed_urls = true", 'lake_url = "memory:///"', "memory would forget"),
    ],
)
def test_what_the_decisions_refuse_is_not_planned(
    folder: Path, written: str, instead: str, refusal: str
) -> None:
    main = folder / "main.tf"
    source = main.read_text("utf-8")
    assert source.count(written) == 1
    main.write_text(source.replace(written, instead), "utf-8")

    planned = plan(folder)

    assert planned.returncode == 1
    assert refusal in " ".join(planned.stderr.replace("│", "").split())


def test_a_webhook_secret_that_is_none_is_not_planned(folder: Path) -> None:
    planned = plan(folder, json.dumps("secret"))

    assert planned.returncode == 1
    assert "Stripe's webhook secrets begin with whsec_." in planned.stderr


def test_the_files_are_laid_out_as_terraform_does(folder: Path) -> None:
    assert terraform(folder, "fmt", "-check", "-recursive").stdout == ""

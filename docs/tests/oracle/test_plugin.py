"""What IntelGraphPlugin makes of the packages that ariadne-codegen prints."""

from __future__ import annotations

import ast
import inspect
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from oracle import project, theirs
from oracle.corpora import AT_HAND, INTELGRAPH, Corpus
from repository import ROOT, text

from intelgraph import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# It refuses to print any package of the first two, with a plugin or without, and leaves a fragment
# out of a document of the third. The fourth is large, and comes below.
ELSEWHERE = {"name_collisions", "skip_include", "merged_selections", "github"}


@pytest.mark.parametrize("name", [name for name in AT_HAND if name not in ELSEWHERE])
def test_documents_and_ids_are_those_of_our_own_generator(
    name: str, printed: Path, with_ours: Callable[[str], Corpus]
) -> None:
    corpus = with_ours(name)

    manifest = project.generate(printed, f"plugged_{name}", corpus)

    assert manifest.read_bytes() == (printed / f"ours_{name}.json").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github"])
def test_so_are_those_of_a_large_schema(
    name: str, printed: Path, with_ours: Callable[[str], Corpus]
) -> None:
    test_documents_and_ids_are_those_of_our_own_generator(name, printed, with_ours)


def test_an_operation_that_has_the_name_of_a_fragment_is_warned_of(
    tmp_path: Path, room: Corpus
) -> None:
    fragment = "query lit { light ...Lit } fragment Lit on Query { lights }"
    room.documents.write_text(fragment, "utf-8")

    with pytest.warns(UserWarning, match="refuses valid answers: rename lit"):
        project.generate(tmp_path, "alike_room", room, warns=True)


def test_a_document_that_ariadne_codegen_leaves_incomplete_is_told(
    printed: Path, with_ours: Callable[[str], Corpus]
) -> None:
    corpus = with_ours("merged_selections")

    with pytest.raises(ConfigurationError, match="leaves the fragment GoodName out"):
        project.generate(printed, "plugged_incomplete", corpus)


def test_what_a_release_has_published_stays_in_the_manifest(printed: Path) -> None:
    ours = ROOT / "schema" / "persisted_documents.json"
    manifest = printed / "published.json"
    manifest.write_bytes(ours.read_bytes())

    project.generate(printed, "published", INTELGRAPH)

    published = [entry["published"] for entry in operations_in(manifest).values()]
    assert any(published)
    assert manifest.read_bytes() == ours.read_bytes()


def operations_in(manifest: Path) -> dict[str, Any]:
    operations: dict[str, Any] = json.loads(manifest.read_text("utf-8"))["operations"]
    return operations


ROOM = """
directive @idempotent on FIELD_DEFINITION
directive @retryable on ENUM_VALUE
enum ErrorCode { AWAY @retryable GONE }
enum Light { ON OFF }
type Query { lights: [Light]! light: Light! }
type Mutation { dim: Light! @idempotent flip: Light! smash: Light! }
"""
ITS_OPERATIONS = """
query Lights { lights light }
mutation Dim { dim }
mutation Flip { flip }
mutation Smash { dim smash }
"""


@pytest.fixture
def room(tmp_path: Path) -> Corpus:
    corpus = Corpus("room", tmp_path / "schema.graphql", tmp_path / "operations.graphql")
    corpus.schema.write_text(ROOM, "utf-8")
    corpus.documents.write_text(ITS_OPERATIONS, "utf-8")
    return corpus


def client_code(folder: Path, package: str) -> str:
    return (folder / package / "client.py").read_text("utf-8")


def test_a_value_that_was_added_to_an_enum_is_a_text_and_a_known_one_its_member(
    printed: Path, room: Corpus
) -> None:
    project.generate(printed, "open_room", room)
    light = import_module("open_room.enums").Light

    lights = theirs.model_of("open_room", "Lights").model_validate(
        {"lights": ["ON", "DIMMED", None], "light": "OFF"}
    )

    assert (lights.lights, lights.light) == ([light.ON, "DIMMED", None], light.OFF)
    assert isinstance(lights.lights[0], light)


def test_only_mutations_whose_every_field_is_idempotent_or_keyed_are_printed_so(
    printed: Path, room: Corpus
) -> None:
    project.generate(printed, "marked_room", room)
    project.generate(printed, "told_room", room, idempotent_mutations=["flip", "smash"])

    project.generate(printed, "keyed_room", room, keyed_mutations=["smash", "flip"])

    assert methods_that_are("keyed", client_code(printed, "keyed_room")) == {"flip", "smash"}
    assert idempotent_methods(client_code(printed, "marked_room")) == {"dim"}
    assert idempotent_methods(client_code(printed, "told_room")) == {"dim", "flip", "smash"}


def idempotent_methods(code: str) -> set[str]:
    return methods_that_are("idempotent", code)


def methods_that_are(fact: str, code: str) -> set[str]:
    methods = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.AsyncFunctionDef)]
    return {method.name for method in methods if f"is_{fact}=True" in ast.unparse(method)}


def test_the_client_knows_the_codes_that_are_worth_another_attempt(
    printed: Path, room: Corpus
) -> None:
    project.generate(printed, "coded_room", room, retryable_codes=["BUSY"])

    assert import_module("coded_room").Client._retryable_codes == {"AWAY", "BUSY"}


def test_without_a_manifest_documents_have_no_ids(printed: Path, room: Corpus) -> None:
    project.generate(printed, "plain_room", room, manifest=None)

    assert "document_id" not in client_code(printed, "plain_room")
    assert 'gql("query Lights{lights light}")' in client_code(printed, "plain_room")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"manifset": "m.json"}, "has no `manifset`; it knows manifest, idempotent_mutations"),
        ({"manifest": 7}, "`manifest` of [tool.ariadne-codegen.intelgraph] is the path"),
        ({"retryable_codes": "BUSY"}, "`retryable_codes` of [tool.ariadne-codegen.intelgraph] is"),
    ],
)
def test_a_setting_that_cannot_be_is_told(
    table: dict[str, Any], told: str, tmp_path: Path, room: Corpus
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        project.generate(tmp_path, "wrong_room", room, **table)

    assert told in str(caught.value)


def test_a_project_with_another_base_client_is_told_what_to_do(
    tmp_path: Path, room: Corpus
) -> None:
    options = {"plugins": [project.PLUGIN]}

    with pytest.raises(ConfigurationError, match="`base_client_file_path` name a file"):
        theirs.generate(tmp_path, "based_room", room.schema, room.documents, options)


EXTRACTS = "ariadne_codegen.contrib.extract_operations.ExtractOperationsPlugin"


@pytest.mark.parametrize("plugins", [[project.PLUGIN, EXTRACTS], [EXTRACTS, project.PLUGIN]])
def test_a_plugin_that_moves_documents_elsewhere_is_told(
    plugins: list[str], tmp_path: Path, room: Corpus
) -> None:
    with pytest.raises(ConfigurationError, match="leave out what moves documents elsewhere"):
        project.generate(tmp_path, "extracted_room", room, plugins=plugins)


@pytest.mark.parametrize(
    "plugin",
    ["shorter_results.ShorterResultsPlugin", "client_forward_refs.ClientForwardRefsPlugin"],
)
def test_other_plugins_go_before_it(plugin: str, printed: Path, room: Corpus) -> None:
    name = f"{plugin.partition('.')[0]}_room"

    project.generate(
        printed, name, room, plugins=[f"ariadne_codegen.contrib.{plugin}", project.PLUGIN]
    )

    assert 'op_id="lights:v1"' in client_code(printed, name)
    assert import_module(name).Client


def test_the_stub_that_checkers_see_says_what_ariadne_codegen_has() -> None:
    real: Any = import_module("ariadne_codegen.plugins.base").Plugin
    stub = ast.parse(text("typings/ariadne_codegen/plugins/base.pyi"))
    methods = [node for node in ast.walk(stub) if isinstance(node, ast.FunctionDef)]
    plugin: Any = import_module("intelgraph.contrib.ariadne").IntelGraphPlugin
    overridden = {name for name in vars(plugin) if hasattr(real, name) and name[0] != "_"}

    for method in methods:
        names = [argument.arg for argument in method.args.args]
        assert names == list(inspect.signature(getattr(real, method.name)).parameters)
    assert overridden == {method.name for method in methods} - {"__init__"}

"""One run from settings to files: load, build, emit, then write or compare."""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from .cache import Run, digest_of_inputs
from .errors import CodegenError, Diagnostic, Place, UsageError, did_you_mean
from .files import read_text
from .manifest import Document, Manifest, read_manifest, render_manifest
from .outputs import LEFT_OVERS, has_text, plan_folder, replace_file, sweep, write_folder
from .retirement import retire, revived

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .cache import Cache
    from .config import Settings
    from .findings import Code
    from .ir import Program
    from .load import Loaded
    from .manifest import Retirement
    from .outputs import Plan
    from .retirement import Retired


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did, or with a check would have done."""

    operations: int
    fragments: int
    differing: tuple[str, ...]
    """The files that were, or would be, written or removed."""
    unchanged: int
    warnings: tuple[Diagnostic, ...]
    files: int = 0
    """How many files the output folders hold."""
    wanted: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    """What each differing file should say, or None where it should not be."""


def generate(settings: Settings, *, check: bool = False, cache: Cache | None = None) -> Outcome:
    """Write everything that the settings ask for; with `check` only compare.

    A `cache` makes a run with nothing to do quick. Raises `UsageError` for settings that cannot
    be followed and `CodegenError` for inputs or folders that cannot be used; nothing is written
    then.
    """
    check_settings(settings)
    if cache is None:
        return _generate(settings, check=check)
    inputs = digest_of_inputs(settings)
    known = cache.recall(settings, inputs)
    if known is not None:
        return Outcome(
            operations=known.operations,
            fragments=known.fragments,
            differing=(),
            unchanged=known.files,
            files=known.files,
            warnings=known.warnings,
        )
    made = _generate(settings, check=check)
    if not check or not made.differing:
        cache.remember(
            settings, inputs, Run(made.operations, made.fragments, made.files, made.warnings)
        )
    return made


def _generate(settings: Settings, *, check: bool) -> Outcome:
    # The GraphQL library takes longer to import than all the rest, and a wrong setting
    # should be told at once.
    from .build import Facts, build, print_documents  # noqa: PLC0415
    from .load import load  # noqa: PLC0415

    old = _read_manifest(settings)
    loaded = load(settings.schema, settings.documents, root=settings.root, lenient=settings.lenient)
    _check_facts(settings, loaded)
    texts = print_documents(loaded)
    _refuse_revived(old, texts)
    kinds = loaded.operation_kinds
    manifest = old.updated(Document(name, kinds[name], text) for name, text in texts.items())
    facts = Facts(
        frozenset(settings.idempotent_mutations),
        frozenset(settings.keyed_mutations),
        settings.retryable_codes,
    )
    program = build(loaded, texts, op_ids=manifest.op_ids(texts), facts=facts)
    plans = _plan(settings, _emit(settings, program, loaded.sdl, manifest))
    wanted = {path: text for plan in plans for path, text in plan.wanted}
    wanted |= _write_manifest(settings, manifest, check=check)
    if not check:
        for plan in plans:
            write_folder(plan)
    return Outcome(
        operations=len(program.operations),
        fragments=len(program.fragments),
        differing=tuple(wanted),
        unchanged=sum(plan.unchanged for plan in plans),
        files=sum(plan.files for plan in plans),
        warnings=loaded.warnings,
        wanted=wanted,
    )


def publish(path: str, release: str, *, root: Path) -> int:
    """Mark every draft of a manifest as published by `release`; how many there were."""
    manifest = _existing_manifest(path, root)
    if manifest.drafts:
        replace_file(root / path, render_manifest(manifest.published(release)))
    return len(manifest.drafts)


def retire_documents(
    path: str, op_ids: Sequence[str], retirement: Retirement, *, root: Path
) -> tuple[Retired, ...]:
    """Retire entries of a manifest; raises `UsageError` with all that cannot be retired."""
    manifest, retired = retire(_existing_manifest(path, root), op_ids, retirement)
    replace_file(root / path, render_manifest(manifest))
    return retired


def _existing_manifest(path: str, root: Path) -> Manifest:
    if not (root / path).is_file():
        raise UsageError(
            [Diagnostic("There is no manifest here.", Place(path), code="missing-manifest")]
        )
    return read_manifest(read_text(root / path, path), path)


def check_settings(settings: Settings) -> None:
    """Raise `UsageError` for settings that no run can follow."""
    problems = [Diagnostic(words, code=code) for words, code in _settings_problems(settings)]
    if problems:
        raise UsageError(problems)


def _settings_problems(settings: Settings) -> Iterator[tuple[str, Code]]:
    if not settings.schema:
        words = "No schema is given: pass --schema or set `schema` in the configuration."
        yield words, "missing-setting"
    if not settings.documents:
        words = "No documents are given: pass --documents or set `documents` in the configuration."
        yield words, "missing-setting"
    if not settings.folders and not settings.manifest:
        words = "No output is given: pass --python, --typescript, --server or --manifest."
        yield words, "missing-setting"
    if settings.python:
        name = (settings.root / settings.python).resolve().name
        if not (name.isidentifier() and name.isascii()) or keyword.iskeyword(name):
            words = (
                f"`{name}`, the last part of --python {settings.python}, is the name of the "
                "package and must be a Python identifier."
            )
            yield words, "wrong-setting"
    places = [(path, (settings.root / path).resolve()) for path in settings.folders]
    for index, (path, real) in enumerate(places):
        for other, other_real in places[index + 1 :]:
            if real in (other_real, *other_real.parents) or other_real in real.parents:
                words = f"The outputs `{path}` and `{other}` would write into one another."
                yield words, "wrong-setting"


def _check_facts(settings: Settings, loaded: Loaded) -> None:
    """Refuse configured names that the schema does not have."""
    problems: list[Diagnostic] = []
    for name in settings.scalars:
        if name not in loaded.scalar_names:
            place = settings.places.get(("scalars", name))
            hint = did_you_mean(name, loaded.scalar_names)
            message = f"The schema has no scalar `{name}`."
            problems.append(Diagnostic(message, place, hint, code="unknown-scalar"))
    for key, names in (
        ("idempotent_mutations", settings.idempotent_mutations),
        ("keyed_mutations", settings.keyed_mutations),
    ):
        for name in names:
            if name not in loaded.mutation_names:
                place = settings.places.get((key,))
                hint = did_you_mean(name, loaded.mutation_names)
                message = f"The schema has no mutation `{name}`."
                problems.append(Diagnostic(message, place, hint, code="unknown-mutation"))
    if problems:
        raise UsageError(problems)


def _refuse_revived(manifest: Manifest, texts: Mapping[str, str]) -> None:
    """Refuse operations whose clients would send what servers no longer accept."""
    problems = [
        Diagnostic(
            f"The operation `{name}` is the document `{entry.op_id}`, which was retired with "
            f"{entry.retired.release}: {entry.retired.reason}; change the operation, or remove it.",
            code="retired-document",
        )
        for name, entry in revived(manifest, texts).items()
        if entry.retired
    ]
    if problems:
        raise CodegenError(problems)


def _read_manifest(settings: Settings) -> Manifest:
    if settings.manifest is None or not (settings.root / settings.manifest).exists():
        return Manifest()
    text = read_text(settings.root / settings.manifest, settings.manifest)
    return read_manifest(text, settings.manifest)


def _emit(
    settings: Settings, program: Program, sdl: str, manifest: Manifest
) -> Iterator[tuple[str, Mapping[str, str]]]:
    if settings.python is not None:
        from . import python  # noqa: PLC0415

        yield settings.python, python.emit(program, settings.scalars)
    if settings.typescript is not None:
        from . import typescript  # noqa: PLC0415

        yield settings.typescript, typescript.emit(program, settings.scalars)
    if settings.server is not None:
        from . import server  # noqa: PLC0415

        yield settings.server, server.emit(program, sdl, manifest)


def _plan(settings: Settings, outputs: Iterator[tuple[str, Mapping[str, str]]]) -> tuple[Plan, ...]:
    diagnostics: list[Diagnostic] = []
    plans = tuple(
        plan_folder(settings.root / path, PurePath(path).as_posix(), files, diagnostics)
        for path, files in outputs
    )
    if diagnostics:
        raise CodegenError(diagnostics)
    return plans


def _write_manifest(settings: Settings, manifest: Manifest, *, check: bool) -> dict[str, str]:
    """Bring the manifest's file up to date; its text by its path if it differed."""
    if settings.manifest is None:
        return {}
    text = render_manifest(manifest)
    file = settings.root / settings.manifest
    if not check:
        sweep(file.parent.glob(LEFT_OVERS))
    if has_text(file, text):
        return {}
    if not check:
        replace_file(file, text)
    return {PurePath(settings.manifest).as_posix(): text}

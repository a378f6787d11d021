"""The only set of verbs, around one Python environment and one set of Node packages."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox
from nox.command import CommandFailed
from nox.logger import logger

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_external_run = True
nox.options.sessions = ["check"]

ROOT = Path(__file__).parent
MODULES = ROOT / "sdk-js" / "node_modules"
PACKAGES = ("sdk-python", "codegen", "reference-server")
BIN = ROOT / ".nox" / "main" / ("Scripts" if os.name == "nt" else "bin")
PEERS = BIN.parent.parent / "oracle" / BIN.name
ORACLES = "docs/tests/oracle"
BUILD_JS = "npm --prefix sdk-js run --silent build"
TEST_JS = "npm --prefix sdk-js test --silent"
PYTEST = "python -m pytest -q"
SERVER = f"{PYTEST} reference-server/tests -k"
SCHEMA = f"{PYTEST} docs/tests/test_schema.py"
QUICK = ("lint", "types", "imports", "house", "generate", "tests", "conformance")
ALL = (*QUICK, "js", "golden", "peers", "examples", "docs", "portal", "build")


def run(session: nox.Session, *command: str) -> None:
    """Run a program of the shared environment; once interrupted, it has a while to tidy up."""
    places = [BIN, MODULES / ".bin", os.environ["PATH"], Path(sys.executable).parent]
    path = os.pathsep.join(map(str, places))
    command = (shutil.which(command[0], path=path) or command[0], *command[1:])
    session.run(*command, env={"PATH": path}, external=True, interrupt_timeout=15)


def verb(name: str, about: str, *commands: str, node: bool = True) -> None:
    """A session of commands, side by side around `&`; what is behind `--` goes to the last."""

    def commanded(session: nox.Session) -> None:
        for command in commands:
            behind = session.posargs if command == commands[-1] else []
            parts = [[*shlex.split(part), *behind] for part in command.split(" & ")]
            with ThreadPoolExecutor() as pool:
                list(pool.map(lambda part: run(session, *part), parts))

    commanded.__doc__ = about
    requires = ["main", "node"] if node else ["main"]
    requires += ["runtimes"] if commands == DISTRIBUTIONS else []
    nox.session(name=name, venv_backend="none", requires=requires)(commanded)


PYRIGHT = f"pyright --pythonpath .nox/main/{BIN.name}/python"
TYPES = (f"mypy & {PYRIGHT}", BUILD_JS, "tsc -p sdk-js/test --noEmit")
UNITS = f"{PYTEST} -n 2 --ignore-glob=*/tests/conformance --ignore-glob=*/tests/test_golden*"
# What other sessions run; the rest of docs/tests is that of `docs`.
OTHERS = """acceptance distributions oracle test_examples_run.py test_house.py test_imports.py
    test_mutations.py test_once.py test_schema.py test_terraform.py test_vectors.py"""
PAGES = " ".join(["docs/tests", *(f"--ignore=docs/tests/{name}" for name in OTHERS.split())])
VECTORS = ("sdk-python/tests/conformance", "reference-server/tests/conformance")
DISTRIBUTIONS = (
    " & ".join(f"python -m build --no-isolation -o dist {package}" for package in PACKAGES),
    "npm --prefix sdk-js pack --silent ./sdk-js --pack-destination dist",
    f"{PYTEST} -n 2 --dist loadfile docs/tests/distributions",
)
NPM_PORTAL = "npm --prefix examples/portal"
PORTAL = tuple(f"{NPM_PORTAL} {step}" for step in ("ci --silent", "run -s sdk", "run -s build"))

VERBS: dict[str, tuple[str, ...]] = {
    "lint": (
        "Layout and style of Python, TypeScript and prose.",
        *("ruff format --check --quiet .", "ruff check --quiet ."),
        *("npm --prefix sdk-js run --silent check", "codespell"),
    ),
    "types": ("Both strict Python checkers and the TypeScript compiler.", *TYPES),
    "imports": (
        "Who may import whom, and whether the contracts that say so bite.",
        *("lint-imports", f"{PYTEST} docs/tests/test_imports.py"),
    ),
    "house": (
        "The rules of docs/style_guide.md and schema/README.md that a machine can check.",
        f"{PYTEST} docs/tests/test_house.py docs/tests/test_schema.py docs/tests/test_terraform.py",
    ),
    "generate": ("What is generated; `-- --check` only compares.", "intelgraph-codegen generate"),
    "api": ("The API and licences, written.", BUILD_JS, "python docs/tests/distributions/write.py"),
    "tests": (
        "The Python packages; vectors and stored outputs have sessions of their own.",
        *(f"{UNITS} sdk-python/tests & {UNITS} codegen/tests", f"{UNITS} reference-server/tests"),
    ),
    "coverage": (
        "Which branches of the Python packages their own tests reach; not part of `test`.",
        *("coverage erase", f"coverage run -m {PYTEST[10:]} codegen/tests sdk-python/tests"),
        *(f"coverage run -m {PYTEST[10:]} reference-server/tests", "coverage combine"),
        "coverage report --fail-under=90",
    ),
    "conformance": (
        "Every vector against its JSON Schema, the Python client and the server; js has its own.",
        f"{PYTEST} -n 2 docs/tests/test_vectors.py {' '.join(VECTORS)}",
    ),
    "golden": ("Stored outputs; `-- --update` rewrites.", f"{PYTEST} -n 2 codegen/tests -k golden"),
    "js": ("Build @intelgraph/sdk, run its tests and vectors.", TEST_JS),
    "examples": (
        "Run every example, both languages, and changes whose replies get lost.",
        *(BUILD_JS, f"{PYTEST} -n 2 docs/tests/test_examples_run.py docs/tests/test_once.py"),
    ),
    "portal": (
        "The pages: their own checks, axe, the keyboard and whole flows in a real browser.",
        *(BUILD_JS, *PORTAL, f"{NPM_PORTAL} run -s check", f"{NPM_PORTAL} test --silent"),
        f"{PYTEST} -n 2 --dist loadfile examples/portal/tests",
    ),
    "docs": (
        "Build the pages, run their fences, and hold both runtimes to each other.",
        *(BUILD_JS, f"{PYTEST} -n 2 -m 'not alone' {PAGES}"),
    ),
    "demo": (
        "One story through every domain, in both languages; `make demo` calls this.",
        *(BUILD_JS, "npm --prefix examples/js install --silent --no-package-lock"),
        *("tsc -p examples/js", *PORTAL, "python examples/demo.py"),
    ),
    "build": ("Wheels, sdists and the npm tarball in dist/, and tried.", *DISTRIBUTIONS),
    "acceptance": (
        "The specification, sentence by sentence; each rule broken once; pages that build.",
        *(BUILD_JS, *PORTAL, f"{PYTEST} docs/tests/acceptance"),
        *(f"{PYTEST} docs/tests/test_mutations.py", f"{PYTEST} -m alone {PAGES}"),
    ),
    "soak": (
        "End-to-end, chaos and load lines in small; writes docs/soak_results.json and its page.",
        *(BUILD_JS, "python docs/soak/soak.py"),
    ),
    "publish": ("Mark the ids that a release freezes.", "intelgraph-codegen publish"),
    # The specification's verbs.
    "sdk:build": ("Both clients as their registries take them, into dist/.", *DISTRIBUTIONS),
    "sdk:types": ("Both clients under their strict type checkers.", *TYPES),
    "sdk:test": ("Both clients: units, vectors, a server.", f"{PYTEST} sdk-python/tests", TEST_JS),
    "billing:test": ("The billing domain and its vectors.", f"{SERVER} billing"),
    "billing:webhook:verify": ("Webhooks: signatures and effects.", f"{SERVER} webhook"),
    "trust:evidence": ("Bundles and links to them.", f"{SERVER} bundle", f"{SERVER} downloads"),
    "trust:lint": ("The schema's rules; the trust portal.", SCHEMA, f"{SERVER} trust"),
    "aiops:detect:simulate": ("The detectors on known series.", f"{SERVER} detect"),
    "aiops:alerts:test": ("Alerts, of tenants and of Prometheus.", f"{SERVER} alert"),
    "residency:audit": ("The residency audit and its vectors.", f"{SERVER} residency"),
    "residency:pdf:test": ("Attestations of residency.", f"{SERVER} reports"),
}
for name, (about, *commands) in VERBS.items():
    # Who builds nothing of JavaScript need not have its packages.
    verb(name, about, *commands, node=any("npm" in c or c[:3] == "tsc" for c in commands))


def when_changed(stamp: Path, sources: Sequence[Path], install: Callable[[], None]) -> None:
    """Install, unless that was completed with these very files before."""
    content = [sys.version.encode(), *(source.read_bytes() for source in sources)]
    wanted = hashlib.sha256(b"".join(content)).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    try:
        install()
    except CommandFailed:
        logger.error("%s needs its package index, or a warm cache.", sources[0].name)
        raise
    stamp.write_text(wanted, "utf-8")


def sync(session: nox.Session, name: str, *packages: str) -> None:
    """Install one requirements file by hash and our packages editable."""
    lock = ROOT / "requirements" / f"{name}.txt"

    def install() -> None:
        session.install("--require-hashes", "-r", str(lock))
        for package in packages:
            session.install("--no-deps", "--no-build-isolation", "-e", f"./{package}")

    metadata = (ROOT / package / "pyproject.toml" for package in packages)
    when_changed(Path(session.virtualenv.location) / ".synced", [lock, *metadata], install)


@nox.session(reuse_venv=True, default=False)
def main(session: nox.Session) -> None:
    """Sync the environment that the other sessions share."""
    sync(session, "main", *PACKAGES)


@nox.session(reuse_venv=True, default=False)
def oracle(session: nox.Session) -> None:
    """Sync the environment of ariadne-codegen, which needs an older graphql-core."""
    sync(session, "oracle", "sdk-python")


@nox.session(venv_backend="none", default=False)
def node(session: nox.Session) -> None:
    """Sync the Node packages of sdk-js."""
    found = shutil.which("npm") and shutil.which("node")
    version = str(session.run(found, "--version", silent=True, log=False)) if found else "v0."
    if int(version.strip("v").partition(".")[0]) < 20:
        session.error("Needs Node 20 or newer with npm: https://nodejs.org")
    install_modules(session, "sdk-js")


def install_modules(session: nox.Session, folder: str) -> None:
    stamp, lock = (ROOT / folder / name for name in ("node_modules/.synced", "package-lock.json"))
    install = f"npm --prefix {folder} ci --no-audit --no-fund --loglevel=error"
    when_changed(stamp, [lock], lambda: run(session, *install.split()))


@nox.session(venv_backend="none", default=False)
def runtimes(session: nox.Session) -> None:
    """Sync the JavaScript runtimes and the linters that judge the npm tarball."""
    install_modules(session, "docs/tests/distributions/javascript")


@nox.session(venv_backend="none", requires=["main", "oracle", "node"])
def peers(session: nox.Session) -> None:
    """Our clients beside those of ariadne-codegen and graphql-codegen, which judge them."""
    install_modules(session, f"{ORACLES}/typescript")
    run(session, f"{PEERS}/python", *f"-m pytest -q {ORACLES}".split(), *session.posargs)


@nox.session(venv_backend="none", default=False)
def lock(session: nox.Session) -> None:
    """Recompile requirements/*.txt; `-- --upgrade` takes newer versions."""
    exact = "pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-header"
    bare = "--no-emit-index-url --no-emit-find-links --no-annotate"
    uv = (sys.executable, "-m", "uv", *exact.split(), *bare.split(), *session.posargs)
    for source in sorted(Path("requirements").glob("*.in")):
        session.run(*uv, source.as_posix(), "-o", source.with_suffix(".txt").as_posix())


@nox.session(reuse_venv=True, default=False, requires=["main", "oracle", "node"])
def bench(session: nox.Session) -> None:
    """Our cost beside that of our peers, in the same run; writes docs/benchmarks.md."""
    sync(session, "bench", "sdk-python")
    for step in ("npm --prefix sdk-js/bench/peers ci -s", BUILD_JS, "python docs/bench/run.py"):
        run(session, *step.split())
    run(session, f"{PEERS}/python", *f"-m pytest -q {ORACLES} -m slow".split())


def enqueue(session: nox.Session, names: Sequence[str]) -> None:
    for name in names:
        session.notify(name, ["--check"] if name == "generate" else [])


@nox.session(venv_backend="none", requires=["main", "node"])
def check(session: nox.Session) -> None:
    """What `nox` alone does: quick enough before every commit."""
    enqueue(session, QUICK)


@nox.session(venv_backend="none", requires=["main", "oracle", "node", "runtimes"])
def test(session: nox.Session) -> None:
    """All that must hold before a commit goes in; `make test` calls this."""
    enqueue(session, ALL)

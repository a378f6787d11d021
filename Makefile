# Two commands for a fresh machine. Both make a private Python environment for nox in
# .venv and hand over to it; everything else is a nox session (`.venv/bin/python -m nox -l`).
# Without make: python -m pip install nox uv && python -m nox -s demo

.DEFAULT_GOAL := help
.PHONY: help demo test

NOX := .venv/bin/python -m nox
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)

help:
	@echo "make demo    start a server, run every example against it in Python and TypeScript, stop it again"
	@echo "make test    run every check that a commit has to pass (about ten minutes)"
	@echo ""
	@echo "Both install what they need below this folder. They need Python 3.11 or newer and Node 20 or newer."
	@echo "PYTHON=/path/to/python3 names the interpreter. The smaller checks are nox sessions; once one of the"
	@echo "above has run, this lists them: $(NOX) -l"

demo: .venv/.ready
	@$(NOX) -s demo

test: .venv/.ready
	@$(NOX) -s test

# The stamp is written last, so an interrupted installation is done again from the start.
.venv/.ready: requirements/nox.txt
	@set -e; \
	new='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; \
	found=''; \
	for python in $(PYTHONS); do \
	  if "$$python" -c "$$new" 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Needs Python 3.11 or newer with its venv module, and found none as: $(PYTHONS)." >&2; \
	  echo "Debian: apt-get install python3 python3-venv. Or name one: make demo PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then \
	  echo "Needs Node 20 or newer with npm: https://nodejs.org" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version) for nox (once)."; \
	"$$found" -m venv --clear .venv; \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/nox.txt; \
	touch .venv/.ready

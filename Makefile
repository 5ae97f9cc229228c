# The portal's commands. `make help` lists them; nothing but make, python3 (3.11 to 3.13) and its venv module is assumed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY ?= python3
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
export VIRTUAL_ENV := $(CURDIR)/.venv
# The virtual environment holds exactly the locks, whatever the caller's shell exports.
unexport PYTHONPATH PYTHONHOME
UV := .local/boot/bin/uv
BIN := .venv/bin
SIZE ?= 100000
ARGS ?=

.PHONY: help run test check bench reset doctor install lock

help: ## lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

run: install ## starts the portal with its own PostgreSQL, Redis, worker and beat, on demo data
	@exec $(BIN)/python -m portal.embedded run

test: install ## every test, on real PostgreSQL, Redis, worker and Chromium (ARGS='-k name' for a part)
	@exec $(BIN)/python -m portal.embedded test -- -n 3 $(ARGS)

check: install ## formatting, lint, types, import contracts, templates, migrations, deployment settings
	@exec $(BIN)/python -m portal.embedded exec -- .ci/check

bench: install ## the benchmark (SIZE=100000 demandes), printed and written to bench/results/
	@exec $(BIN)/python -m portal.embedded bench --size $(SIZE)

reset: install ## drops the local data
	@exec $(BIN)/python -m portal.embedded reset

doctor: install ## says what this machine lacks, and the command that installs it
	@exec $(BIN)/python -m portal.embedded doctor

install: .local/installed ## virtual environment and locked dependencies

$(UV): requirements-boot.lock
	@$(PY) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	  || { echo "Python 3.11, 3.12 ou 3.13 est requis : installez-le, ou indiquez-le (make run PY=python3.12)." >&2; exit 1; }
	@echo "Installation de l’outil de paquets…"
	@$(PY) -m venv --clear .local/boot >.local-venv.log 2>&1 \
	  || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	         apt-get -o DPkg::Lock::Timeout=300 -qq update && \
	         DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y install python3-venv >/dev/null && \
	         $(PY) -m venv --clear .local/boot; \
	       else echo "Le module venv de Python manque : apt-get install python3-venv (en tant que root)." >&2; rm -f .local-venv.log; exit 1; fi; }
	@rm -f .local-venv.log
	@.local/boot/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-boot.lock
	@touch $@

.local/installed: requirements-dev.lock $(UV)
	@echo "Installation des dépendances verrouillées…"
	@test -x $(BIN)/python || $(UV) venv -q --python .local/boot/bin/python .venv
	@# Behind a proxy that inspects TLS, only the machine's own certificates will do.
	@$(UV) pip sync -q --require-hashes requirements-dev.lock 2>/dev/null \
	  || UV_SYSTEM_CERTS=1 $(UV) pip sync -q --require-hashes requirements-dev.lock
	@touch $@

lock: $(UV) ## writes the locks again from pyproject.toml
	@$(UV) pip compile -q pyproject.toml --universal --generate-hashes --no-annotate --no-emit-index-url --no-header -o requirements.lock
	@$(UV) pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-annotate --no-emit-index-url --no-header -o requirements-dev.lock

# The commands of Kapstone. `make run` and `make test` are all a newcomer needs.

# The first Python that works and is new enough, found by name.
PYTHON := $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)
SETUP = $(if $(PYTHON),$(PYTHON),$(error Kapstone needs Python 3.11 or newer)) scripts/set_up.py
VENV = .venv/bin/python

# Without its caches Python compiles a thousand modules anew at every start: 2 s each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check faults soak docs words pictures lock

run:      ## the demo clinic in a browser
	@$(SETUP) run
	@exec $(VENV) -m clinic.site.manage demo

test:     ## every test, on both databases, in a browser, and with parts failing
	@$(SETUP) test
	@$(VENV) -m scripts.test

check:    ## lint, types, import contracts, the laws of the tree, generated pages
	@$(SETUP) test
	@$(VENV) -m scripts.check

faults:   ## kills and freezes, repeated a middling number of times
	@$(SETUP) test
	@$(VENV) -m scripts.faults middle

soak:     ## the same in full; writes docs/evidence
	@$(SETUP) test
	@$(VENV) -m scripts.faults full

docs:     ## write the generated pages again
	@$(SETUP) test
	@$(VENV) -m scripts.generate

words:    ## take the words of patients' pages into the catalogue, and compile it
	@$(SETUP) test
	@$(VENV) -m scripts.words

pictures: ## take the README's pictures again, from the browser's walk
	@$(SETUP) test
	@mkdir -p docs/pictures
	@CLINIC_PICTURES=docs/pictures $(VENV) -m pytest -q -m e2e tests/e2e/test_walk.py

lock:     ## resolve requirements/*.in again, with hashes and without hosts
	@$(SETUP) test
	@$(VENV) -m scripts.lock

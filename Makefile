# make demo and make test need nothing but this folder, Python 3.11 or newer and, on a bare Debian, root.
SHELL := /bin/bash
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2

.PHONY: help demo test test-torch differential formal kernel lint archive check-archive pictures bench bench-fit bench-refute lock clean

help:
	@echo "make demo           the main job on two real formulas, a yes and a no"
	@echo "make test           lint, types, import contracts, tests, the archive of certificates"
	@echo "make test-torch     the tests of to_torch, which install PyTorch into an environment of their own"
	@echo "make differential   both engines on thousands of small instances, beside Z3, cvc5 and enumeration; SEEDS=0:3000"
	@echo "make formal         compiles the Coq theories and the verified checker, compares their axioms"
	@echo "make kernel         the extracted checker, certify-kernel; checks every archived certificate with it"
	@echo "make lint           ruff, mypy, import-linter"
	@echo "make check-archive  checks every certificate in certificates/ by the independent checker"
	@echo "make archive        makes certificates/ anew"
	@echo "make pictures       draws docs/img/ anew"
	@echo "make bench          the benchmark tables (those of the checkers need make kernel)"
	@echo "make bench-fit      own data: certify, Z3, cvc5, SCIP and HiGHS on the suite; hours; goes on where it stopped"
	@echo "make bench-refute   no-instances of 4 to 10,000 neurons: certify, Z3, cvc5 and SCIP; needs make kernel; goes on likewise"
	@echo "make lock           renews requirements.lock with today's versions"

$(READY): pyproject.toml requirements.lock scripts/setup
	@scripts/setup $(VENV)
	@touch $@

demo: $(READY)
	@$(BIN)/python scripts/demo.py

test: lint kernel
	$(BIN)/python -m pytest -q -n $(JOBS)

# Not a part of make test: on some systems torch is gigabytes. TORCH=torch==2.9.1 takes another version.
TORCH ?= torch==2.13.0
test-torch:
	@scripts/setup build/torch
	build/torch/bin/python -m pip install --quiet --disable-pip-version-check '$(TORCH)'
	build/torch/bin/python -m pytest -q tests/torch

# Goes on where it was stopped (build/differential.jsonl).
SEEDS ?= 0:3000
differential: $(READY)
	$(BIN)/python -m tests.differential.many --seeds $(SEEDS)

formal:
	@scripts/setup-coq
	$(MAKE) -s -C formal assumptions
	$(MAKE) -s -C formal/checker check

kernel: formal
	$(MAKE) -s -C formal/kernel
	@mkdir -p build
	formal/kernel/_build/certify-kernel certificates/*/*.cert* > build/kernel.txt
	@awk '{ count[$$1]++ } END { for (status in count) print "certify-kernel:", count[status], status }' build/kernel.txt

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

archive: $(READY)
	$(BIN)/python scripts/archive.py certificates

check-archive: $(READY)
	$(BIN)/python certificates/check.py

pictures: demo
	$(BIN)/certify plot demo/figure-5.cert -o docs/img/figure-5.png
	$(BIN)/certify plot demo/four-triples.cert -o docs/img/four-triples.png

bench: $(READY)
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/kernel.py
	$(BIN)/python benchmarks/theorem.py

bench-fit: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[bench]'
	$(BIN)/python benchmarks/fit_run.py

bench-refute: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[bench,plot]'
	$(BIN)/python benchmarks/refute_run.py

lock:
	rm -rf build/lock
	python3 -m venv build/lock
	build/lock/bin/pip install --quiet setuptools
	build/lock/bin/pip install --quiet --no-build-isolation '.[plot,solvers,test,dev]'
	{ head -n 1 requirements.lock; build/lock/bin/pip freeze --all | grep -vE '^(pip|certify)\b' | sort -f; } > build/lock.txt
	mv build/lock.txt requirements.lock

clean:
	rm -rf $(VENV) build demo *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

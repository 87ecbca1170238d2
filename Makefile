# Thin names for run.py and the tools; `make help` lists them.
PYTHON ?= python3
VENV_PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help serve test install messages migration format

help: ## list these names
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

serve: ## start web and worker on 127.0.0.1:8000 (PORT=… for another port)
	@$(PYTHON) run.py serve

test: ## run style, types and the whole suite
	@$(PYTHON) run.py test

install: ## create .venv with everything tests need
	@$(PYTHON) run.py install

messages: ## merge new sentences into the French catalogues
	@$(VENV_PYTHON) -m foundation.web.catalogues update

migration: ## write a migration for what the models changed (NAME="what")
	@$(VENV_PYTHON) -m flask db migrate -m "$(NAME)"

format: ## put the code in its usual form
	@$(VENV_PYTHON) -m ruff check --fix . && $(VENV_PYTHON) -m ruff format .

"""Questionnaires that come with the product, read from ``model_questionnaires/``."""

import json
from pathlib import Path
from typing import Any

from surveys.bank import Model, model

FOLDER = Path(__file__).parent / "model_questionnaires"


def model_keys() -> list[str]:
    """The keys of the models, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def model_definition(key: str) -> dict[str, Any]:
    """The definition of a model questionnaire. Raises KeyError for a key that ``model_keys`` does not list."""
    if key not in model_keys():
        raise KeyError(key)
    return json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))


def bank() -> list[Model]:
    """Every model with what is said about it, from the shortest to ask after a contact to the yearly one."""
    about = {key: json.loads((FOLDER / "about" / f"{key}.json").read_text(encoding="utf-8")) for key in model_keys()}
    ordered = sorted(about, key=lambda key: about[key]["order"])
    return [model(key, model_definition(key), about[key]) for key in ordered]

"""Typed settings: the pydantic base of all options, what a form needs of each, and errors as sentences. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from genlab.errors import InputError
from genlab.text import brief, is_well_formed

ModelT = TypeVar("ModelT", bound=BaseModel)


class Options(BaseModel):
    """Base of every settings model: frozen, and strict about unknown names.

    Attributes:
        renamed: Name that a setting had in older releases -> its name today. Either is understood; today's is written.
        since: Setting that older releases did not have -> the value under which all is as it was without.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    renamed: ClassVar[Mapping[str, str]] = {}
    since: ClassVar[Mapping[str, Any]] = {}

    @model_validator(mode="before")
    @classmethod
    def _by_older_names(cls, value: Any) -> Any:
        """What a file, a link or a command of an older release calls a setting is taken for today's name."""
        if not isinstance(value, Mapping) or not any(name in cls.renamed for name in value):
            return value
        return {_today(cls.renamed, name, value): item for name, item in value.items()}

    @field_validator("*")
    @classmethod
    def _can_be_written(cls, value: Any) -> Any:
        """Refuse text that no file and no page takes, such as a name typed in Latin-1, where it is first given."""
        if not is_well_formed(value):
            raise ValueError("text has to be UTF-8")
        return value


def _today(renamed: Mapping[str, str], name: str, given: Mapping[str, Any]) -> str:
    """Today's name of a setting; where that is given as well, the older one stays and is refused as unknown."""
    return renamed[name] if name in renamed and renamed[name] not in given else name


class NoOptions(Options):
    """The options of an entry that has none."""


def setting(
    default: Any,
    why: str,
    *,
    unit: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    most: float | None = None,
    step: float | None = None,
    log: bool = False,
    advanced: bool = False,
) -> Any:
    """A field with all that a form, a help text and a table need.

    Args:
        default: The default value.
        why: One line: what it does and when to change it.
        unit: The unit the value is counted in, e.g. ``"images"``.
        ge: Smallest allowed value.
        gt: Value that must be exceeded.
        le: Largest allowed value.
        most: Largest value that is offered, where a larger one is allowed in some cases only.
        step: Step of the number input.
        log: Whether the value is best moved on a logarithmic scale.
        advanced: Whether a form folds it away at first.
    """
    extra: dict[str, Any] = {"unit": unit, "step": step, "log": log, "advanced": advanced, "most": most}
    return Field(default=default, description=why, ge=ge, gt=gt, le=le, validate_default=True, json_schema_extra=extra)


def parse(model: type[ModelT], value: object, where: str = "") -> ModelT:
    """Validate ``value``, turning pydantic's report into one sentence.

    Raises:
        InputError: When a value is unknown, missing or out of range.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _sentence(error.errors(), model, where) from error


def _sentence(errors: list[ErrorDetails], model: type[BaseModel], where: str) -> InputError:
    first = errors[0]
    path = ".".join(str(part) for part in first["loc"])
    of = f" of {where}" if where else ""
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(model.model_fields)) or "none"
        return InputError(f"There is no option {path!r}{of}.", f"Options there: {known}.", kind="unknown_option")
    words = first["msg"].removeprefix("Value error, ")
    reason = words[0].lower() + words[1:]
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    return InputError(f"{path}{of} = {brief(first['input'])}: {reason}.{more}", "Change that value.", kind="bad_value")

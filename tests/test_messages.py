"""The catalogues: complete, compiled, and used."""

import string
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from tools.messages import MO, template, vietnamese


def test_every_message_has_a_vietnamese_translation() -> None:
    translated = {message.id for message in vietnamese() if message.string}
    assert {message.id for message in template()} <= translated


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = BytesIO()
    write_mo(compiled, vietnamese())
    assert compiled.getvalue() == MO.read_bytes()


def _fields(text: str) -> set[str]:
    return {name for _literal, name, _form, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("message", [message for message in vietnamese() if message.id], ids=lambda message: message.id)
def test_a_translation_has_the_fields_of_its_message(message) -> None:  # type: ignore[no-untyped-def]
    assert _fields(message.string) == _fields(message.id)

"""Reads the word segmentation model that the installed pyvi package ships, without importing or unpickling it.

pyvi keeps a pickled scikit-learn estimator whose payload is a CRFsuite model file. The pickle is only parsed
(`pickletools.genops` executes nothing) for the one string that holds that file; the file is decoded here.
"""

from __future__ import annotations

import importlib.util
import struct
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from searcher.analysis.errors import SegmentationModelError

MODEL_FILE: Final = "models/pyvi3.pkl"
WORDS_FILE: Final = "models/words.txt"
_MAX_BYTES: Final = 64 * 1024 * 1024
_MAGIC: Final = "lCRF"

Pair = tuple[float, float]


class PyviModel(msgspec.Struct, frozen=True, dict=True):
    """The CRF and the word list, as plain Python values.

    - `weights` maps an attribute ("word.lower():nhà", "bias") to its two weights: begin of word, inside a word.
    - `transitions` is ((begin>begin, begin>inside), (inside>begin, inside>inside)).
    - `words` is words.txt line by line; entries of two and three syllables are features of the CRF.
    """

    weights: dict[str, Pair]
    transitions: tuple[Pair, Pair]
    words: tuple[str, ...]

    @cached_property
    def bigrams(self) -> frozenset[str]:
        """Every two-syllable entry of words.txt."""
        return frozenset(word for word in self.words if word.count(" ") == 1)

    @cached_property
    def trigrams(self) -> frozenset[str]:
        """Every three-syllable entry of words.txt."""
        return frozenset(word for word in self.words if word.count(" ") == 2)


def locate() -> tuple[Path, Path]:
    """Return the paths of pyvi's model and word list; raises SegmentationModelError when pyvi is not there."""
    spec = importlib.util.find_spec("pyvi")
    if spec is None or not spec.submodule_search_locations:
        raise SegmentationModelError("The package pyvi is not installed; word segmentation needs its model.")
    folder = Path(spec.submodule_search_locations[0])
    return folder / MODEL_FILE, folder / WORDS_FILE


def read_bounded(path: Path) -> bytes:
    """Return the file's bytes; raises SegmentationModelError when it is missing, unreadable or over 64 MB."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise SegmentationModelError(f"{path} is larger than any known pyvi model.")
        return path.read_bytes()
    except OSError as error:
        raise SegmentationModelError(f"pyvi's file {path} cannot be read: {error.strerror}.") from error


def parse(pickled: bytes, words: bytes) -> PyviModel:
    """Return the model in the bytes of pyvi3.pkl and words.txt; raises SegmentationModelError for any other form."""
    try:
        weights, transitions = _parse_crfsuite(_embedded(pickled))
        lines = tuple(words.decode("utf-8").split("\n"))
    except (struct.error, ValueError, KeyError, IndexError) as error:
        raise SegmentationModelError("pyvi's segmentation model has a form that is not known.") from error
    return PyviModel(weights, transitions, lines)


def _embedded(pickled: bytes) -> bytes:
    import pickletools  # needed once per version of pyvi

    # Protocol 2 keeps bytes as a string in Latin-1, handed to _codecs.encode.
    for _, argument, _ in pickletools.genops(pickled):
        if isinstance(argument, str) and argument.startswith(_MAGIC):
            return argument.encode("latin-1")
        if isinstance(argument, bytes) and argument.startswith(_MAGIC.encode()):
            return argument
    raise ValueError("no CRFsuite model inside")


def _parse_crfsuite(data: bytes) -> tuple[dict[str, Pair], tuple[Pair, Pair]]:
    """Decode CRFsuite's model format 100 (crf1d_model.c): header, features, labels and attributes in CQDB form."""
    magic, _, kind, _, _, label_count, attribute_count, *offsets = struct.unpack_from("<4sI4s9I", data)
    features_at, labels_at, attributes_at = offsets[:3]
    labels = _parse_names(data, labels_at, label_count)
    if magic != b"lCRF" or kind != b"FOMC" or sorted(labels) != ["B_W", "I_W"]:
        raise ValueError("not a CRF of two labels")
    begin = labels.index("B_W")
    if begin != 0:
        raise ValueError("labels in another order")  # ties go to the label that comes first
    attributes = _parse_names(data, attributes_at, attribute_count)
    chunk, _, feature_count = struct.unpack_from("<4sII", data, features_at)
    if chunk != b"FEAT":
        raise ValueError("no features")
    weights = [[0.0, 0.0] for _ in attributes]
    transitions = [[0.0, 0.0], [0.0, 0.0]]
    body = data[features_at + 12 : features_at + 12 + 20 * feature_count]
    for feature_type, source, label, weight in struct.iter_unpack("<IIId", body):
        (weights if feature_type == 0 else transitions)[source][label] = weight
    pairs = {name: (pair[0], pair[1]) for name, pair in zip(attributes, weights, strict=True)}
    return pairs, ((transitions[0][0], transitions[0][1]), (transitions[1][0], transitions[1][1]))


def _parse_names(data: bytes, at: int, count: int) -> list[str]:
    """The strings of a CQDB chunk by id: id to record offset by its backward table, then id, size, text, NUL."""
    magic, _, _, _, stored, backward = struct.unpack_from("<4s5I", data, at)
    if magic != b"CQDB" or stored != count:
        raise ValueError("no names")
    names = []
    for number, offset in enumerate(struct.unpack_from(f"<{count}I", data, at + backward)):
        identity, size = struct.unpack_from("<II", data, at + offset)
        start = at + offset + 8
        if identity != number or start + size > len(data):
            raise ValueError("names out of order")
        names.append(data[start : start + size - 1].decode("utf-8"))
    return names

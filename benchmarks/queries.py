"""The 24 queries that engines are compared with: of 1 to 5 words, common, medium and rare; OR, AND, phrase.

A word that is in more than a tenth of the articles of news50k is common there, in less than a hundredth rare. Words are
as segmentation gives them, in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Kind = Literal["term", "or", "and", "phrase"]


@dataclass(frozen=True, slots=True)
class Query:
    """Words and how they are joined; `spoken` is the same in the query language of this project."""

    kind: Kind
    words: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """The query as a person types it."""
        words = [word.replace("_", " ") for word in self.words]
        if self.kind == "phrase":
            return f'"{" ".join(words)}"'
        if self.kind == "or":
            return " HOẶC ".join(f'"{word}"' if " " in word else word for word in words)
        return " ".join(words)

    def __str__(self) -> str:
        joint = {"term": "", "or": " or ", "and": " and ", "phrase": " "}[self.kind]
        text = joint.join(self.words)
        return f'"{text}"' if self.kind == "phrase" else text


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a query: a province, or the days `since` to `until`, both inclusive."""

    province: str = ""
    since: datetime | None = None
    until: datetime | None = None


def _queries(kind: Kind, *texts: str) -> list[Query]:
    return [Query(kind, tuple(text.split())) for text in texts]


QUERIES: Final = (
    *_queries("term", "của", "công_an", "đối_tượng", "ma_tuý", "mại_dâm", "cần_sa"),
    *_queries(
        "or",
        "người bị",
        "công_an cảnh_sát điều_tra",
        "ma_tuý mại_dâm hiv",
        "heroin cần_sa ketamin methamphetamine",
        "mua_bán phụ_nữ trẻ_em nạn_nhân biên_giới",
        "công_an mộc_châu",
    ),
    *_queries(
        "and",
        "công_an bắt",
        "người bị của",
        "ma_tuý vận_chuyển biên_giới",
        "mua_bán phụ_nữ trung_quốc",
        "công_an điều_tra ma_tuý khởi_tố đối_tượng",
        "mại_dâm môi_giới karaoke",
    ),
    *_queries(
        "phrase",
        "cơ_quan cảnh_sát",
        "công_an tỉnh",
        "vận_chuyển ma_tuý",
        "công_an huyện",
        "cơ_quan cảnh_sát điều_tra",
        "sơn_la khởi_tố",
    ),
)
COMMON: Final = tuple(
    query for query in QUERIES if str(query) in ("của", "công_an", "đối_tượng", "người or bị", "công_an and bắt")
)
"""Those on which the distance to stock Whoosh is shown."""

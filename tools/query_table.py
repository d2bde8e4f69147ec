"""Prints the table of queries in docs/analysis.md: `python -m tools.query_table`."""

from __future__ import annotations

from typing import Final

from searcher.analysis import FoldedTerms, QueryTerm, query_terms
from searcher.analysis.analyzer import VietnameseAnalyzer

QUERIES: Final = (
    "mại dâm Sơn La", "mai dam son la", "mại dam", "MẠI DÂM SƠN LA", "Mai Dam Son La", "mại dâm sơn la",
    "ma túy", "ma tuý", "ma tu\u0301y", "ma tuy", "Ma Túy Đá", "ma tuy da", "hoà bình", "hòa bình", "HÒA BÌNH",
    "hoa binh", "toà án", "tòa án", "khỏe mạnh", "kĩ thuật", "kỹ thuật", "dien bien", "điên biên", "đien bien",
    "Ðồng Nai", "CA tỉnh", "ca sĩ", "nghệ sĩ", "UBND TP.HCM", "ủy ban nhân dân", "PC04", "HIV/AIDS", "SIDA",
    "gai goi", "hàng đá", "ke", "cỏ Mỹ", "tem giấy", "bóng cười", "buôn người", "mua bán người", "lừa bán",
    "mại_dâm", "m¹i d©m", "ｍａ túy", "cai nghiện\u200b ma túy", "300kg heroin", '"mua bán người"',
)  # fmt: skip
INDEX: Final = FoldedTerms(
    ("mại_dâm", "sơn_la", "ma_tuý", "hoà_bình", "điện_biên", "diễn_biến", "đồng_nai", "gái_gọi", "toà_án", "kỹ_thuật")
)
"""Words of the index that the table was made with."""
_SHOWN: Final = 4


def main() -> None:
    """Print the table in Markdown."""
    print(table())


def table() -> str:
    """Return the table: each query, its terms in order of position, and what they may also stand for."""
    analyzer = VietnameseAnalyzer()
    rows = ["| query | terms | may also stand for |", "| --- | --- | --- |"]
    for query in QUERIES:
        terms = " ".join(token.text for token in analyzer(query))
        also = "; ".join(shown for term in query_terms(query, INDEX) if (shown := _others(term)))
        rows.append(f"| {_visible(query)} | {terms} | {also} |")
    return "\n".join(rows)


def _others(term: QueryTerm) -> str:
    others = term.alternatives[1:]
    if not others:
        return ""
    listed = ", ".join(f"{' '.join(one.syllables)} {one.weight:.2g}" for one in others[:_SHOWN])
    return f"*{term.term.replace('_', ' ')}*: {listed}{', ...' if len(others) > _SHOWN else ''}"


def _visible(query: str) -> str:
    # Combining and invisible characters are shown by their code points.
    return "".join(f"‹{ord(letter):04X}›" if letter in "\u0301\u200b" else letter for letter in query)


if __name__ == "__main__":
    main()

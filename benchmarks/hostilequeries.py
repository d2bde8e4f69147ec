"""Queries that nobody means well: operators, brackets, repetition, control characters, everything Unicode has."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

SIGNS: Final = (
    "ma túy", "mại dâm", "Sơn La", "mai dam", "HIV", "2019", "công an", "VÀ", "HOẶC", "KHÔNG", "AND", "OR", "NOT",
    "tỉnh:", "province:", "chủđề:", "ngày:", "năm:", "title:", "nguồn:", "tỉnhmới:", '"', "“", "”", "'", "(", ")",
    "((((", "))))", "*", "~", "~2", '"~9', "^", "^2", "^99999999", "-", "--", "+", "..", "2019..2020", "tuần này",
    "'tháng trước'", "(a+)+$", ".*", "tiền*", "gần~", "th*", "tha*", "ngh*", "a~2", "\x00", "\x1b[31m",
    "😀", "\u0301", "\u200b", "\ufffd", "\ud800", "<script>", "[a TO b]", "{x}", "\\", "/", "&&",
    "!", "?", "%s", "{value}", "' OR 1=1 --",
)  # fmt: skip
QUERIES: Final = (
    st.lists(st.sampled_from(SIGNS), max_size=14).map(" ".join)
    | st.lists(st.sampled_from(SIGNS), max_size=14).map("".join)
    | st.text()
    | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Mn"]), max_size=40)
    | st.tuples(st.sampled_from(SIGNS), st.integers(1, 2000)).map(lambda pair: pair[0] * pair[1])
)
"""A strategy for them."""

LARGE: Final = {
    "brackets": "(" * 100_000,
    "closing brackets": ")" * 100_000,
    "quotes": '"' * 100_000,
    "a million letters": "a" * 1_000_000,
    "a megabyte of words": "ma túy " * 150_000,
    "a megabyte of marks": "a" + "\u0301" * 500_000,
    "a megabyte of surrogates": "\ud800" * 300_000,
    "NOT NOT NOT": "NOT " * 300_000,
    "VÀ VÀ VÀ": "VÀ " * 300_000,
    "rough": "x~ " * 50_000,
    "roots": "th* ng* tr* ph* " * 1000,
    "roots of three letters": "tha* ngh* tra* pho* chu* nhi* khi* " * 1000,
    "minuses": "-" * 10_000,
    "fields": "tỉnh:" * 50_000,
    "deep": "((ma OR túy) AND " * 1000,
    "boosts": "^2" * 1000,
    "dates": "ngày:1.." * 500,
    "a regular expression's bomb": "(a|a)*" * 200 + "b",
    "zeros": "\x00" * 100_000,
    "emoji": "👩‍👩‍👧‍👦" * 50_000,
    "asterisk": "*",
    "phrases that may be far apart": '"ma túy công an bị người"~99 ' * 60,
    "frequent words": "của và là có được trong cho người với các " * 6,
    "every topic and place": "mại dâm ma túy HIV mua bán người Sơn La Hà Nội Nghệ An Vinh Hòa Bình " * 6,
}
"""Long ones, by what is in them."""

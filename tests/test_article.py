"""Article: ids and fingerprints."""

import msgspec

from searcher.article import Article, fingerprint, identified


def test_an_id_that_is_given_is_kept() -> None:
    assert identified(Article(id="a-1", url="https://example.vn/1")).id == "a-1"


def test_the_same_url_gives_the_same_id_whatever_the_text() -> None:
    first = identified(Article(url="https://example.vn/1", title="Cũ"))
    second = identified(Article(url="https://example.vn/1", title="Mới"))
    assert first.id == second.id != ""


def test_without_a_url_the_content_makes_the_id() -> None:
    assert identified(Article(title="a")).id == identified(Article(title="a")).id
    assert identified(Article(title="a", lead="b")).id != identified(Article(title="a", body="b")).id


def test_any_change_changes_the_fingerprint() -> None:
    article = Article(id="1", title="t", lead="l", body="b")
    changed = [msgspec.structs.replace(article, **{field: "x"}) for field in ("title", "lead", "body", "url", "source")]
    assert len({fingerprint(one) for one in [article, *changed]}) == 1 + len(changed)

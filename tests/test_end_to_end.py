"""The main job through its public doors: index the seeds, search them, look at what the commands print."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from tests.commands import run

SEEDS = Path(__file__).parent.parent / "seeds"
SEED_TITLE = "Sơn La: Duy trì gần 200 xã, phường, thị trấn không có tệ nạn mại dâm"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    summary = searcher.index_paths(folder, [SEEDS])
    assert summary.added == 45
    assert summary.rejected == []
    return folder


@pytest.fixture
def index(folder: Path) -> Iterator[searcher.EmbeddedIndex]:
    with searcher.open_index(folder) as opened:
        yield opened


@pytest.mark.parametrize("text", ["mại dâm Sơn La", "mai dam son la", "MẠI DÂM SƠN LA", "mại dâm sơn la"])
def test_the_seed_article_is_first_however_the_query_is_typed(index: searcher.EmbeddedIndex, text: str) -> None:
    assert index.search(text).hits[0].article.title == SEED_TITLE


def test_both_tone_styles_find_the_same(index: searcher.EmbeddedIndex) -> None:
    assert index.search("ma tuý").total == index.search("ma túy").total > 10


def test_the_seed_article_is_tagged(index: searcher.EmbeddedIndex) -> None:
    article = index.search("mại dâm Sơn La").hits[0].article
    assert article.provinces == ("Sơn La",)
    assert article.topics is not None
    assert article.topics[0] == "mai-dam"
    assert set(article.topics) == {"mai-dam", "ma-tuy", "hiv-aids", "mua-ban-nguoi"}
    assert article.published is not None
    assert article.published.isoformat() == "2020-02-17T17:05:00+07:00"


def test_filters_narrow_and_facets_count_all_hits(index: searcher.EmbeddedIndex) -> None:
    results = index.search("", provinces=["son la"], limit=1)
    assert results.total == 4
    assert len(results.hits) == 1
    assert {count.value: count.count for count in results.facets["province"]}["Sơn La"] == 4


def test_newest_first_is_newest_first(index: searcher.EmbeddedIndex) -> None:
    dates = [hit.article.published for hit in index.search("", sort="newest", limit=50).hits]
    known = [date for date in dates if date is not None]
    assert known == sorted(known, reverse=True)


def test_pages_follow_on_each_other(index: searcher.EmbeddedIndex) -> None:
    whole = [hit.article.id for hit in index.search("ma túy", limit=10).hits]
    paged = [hit.article.id for start in (0, 5) for hit in index.search("ma túy", limit=5, offset=start).hits]
    assert paged == whole


def test_where_no_article_has_all_words_those_with_some_are_shown(index: searcher.EmbeddedIndex) -> None:
    results = index.search("methadone tàu_vũ_trụ xyzzy")
    assert results.relaxed
    assert results.total > 0


def test_an_unknown_province_is_refused_with_a_sentence(index: searcher.EmbeddedIndex) -> None:
    with pytest.raises(searcher.BadFilter, match="Atlantis"):
        index.search("ma túy", provinces=["Atlantis"])


def test_no_index_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(searcher.IndexNotFound):
        searcher.open_index(tmp_path)


def test_unchanged_articles_are_skipped_changed_ones_replaced_and_gone_ones_pruned(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name in ("a", "b"):
        (articles / f"{name}.txt").write_text(f"Tựa {name}\n\nĐoạn đầu.\n\nThân bài {name}.", encoding="utf-8")
    folder = tmp_path / "index"
    assert searcher.index_paths(folder, [articles]).added == 2
    assert searcher.index_paths(folder, [articles]).unchanged == 2
    (articles / "a.txt").write_text("Tựa a\n\nĐoạn đầu.\n\nThân bài mới.", encoding="utf-8")
    summary = searcher.index_paths(folder, [articles])
    assert (summary.updated, summary.unchanged) == (1, 1)
    (articles / "b.txt").unlink()
    assert searcher.index_paths(folder, [articles], prune=True).removed == 1
    with searcher.open_index(folder) as index:
        assert [hit.article.body for hit in index.search("").hits] == ["Thân bài mới."]


def test_query_json_prints_the_contract(folder: Path) -> None:
    done = run("query", "mại dâm Sơn La", "--json", "-i", folder)
    found = json.loads(done.stdout)
    assert {"query", "total", "took_ms", "hits", "facets"} <= set(found)
    keys = {"rank", "id", "score", "title", "published", "provinces", "topics", "url", "source", "snippet"}
    assert keys <= set(found["hits"][0])
    assert found["hits"][0]["title"] == SEED_TITLE
    assert set(found["facets"]) == {"province", "topic", "year", "offence", "stage", "drug", "kind"}


def test_a_piped_table_has_no_colour_codes_and_cuts_nothing(folder: Path) -> None:
    done = run("query", "mại dâm Sơn La", SEARCHER_INDEX=str(folder))
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert SEED_TITLE in done.stdout


def test_tag_prints_json_lines_without_an_index() -> None:
    done = run("tag", SEEDS, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 45
    assert set(lines[0]) == {"id", "published", "provinces", "topics", "facts"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["query", "x", "-i", "nowhere"], 1), (["show", "none"], 1), (["query"], 2), (["stats", "--nonsense"], 2)],
)
def test_errors_are_a_sentence_and_an_exit_code(folder: Path, arguments: list[str], code: int) -> None:
    done = run(*arguments, SEARCHER_INDEX=str(folder))
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_what_cannot_be_read_is_listed_and_the_rest_indexed(tmp_path: Path) -> None:
    lines = ['{"id": "1", "title": "Một", "body": "ma túy"}', "{broken", '{"id": "2", "title": "Hai"}']
    (tmp_path / "some.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("index", tmp_path / "some.jsonl", "-i", tmp_path / "index")
    assert done.returncode == 0
    assert "2 added" in done.stdout
    assert "some.jsonl:2" in done.stderr
    strict = run("index", "--strict", tmp_path / "some.jsonl", "-i", tmp_path / "index")
    assert strict.returncode == 1

"""What every engine has to do alike: classes of tests, to be subclassed with a factory of empty locations.

    class TestMyEngine(Conformance):
        @pytest.fixture(scope="class")
        @classmethod
        def new_location(cls, ...) -> Callable[[], str | Path]: ...

A location is what `searcher.index_paths` fills and `searcher.open_index` opens. What is right is told by plain Python
over the articles (`library.py`); nothing here knows how an engine works.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import pytest

import searcher
from searcher.article import VIETNAM
from searcher.messages import speaking
from searcher.query.snippets import MARKS, unmarked
from tests.conformance.library import (
    ARTICLES,
    Location,
    counted,
    filled,
    found,
    having,
    ids_of,
    moment_of,
    published,
    tagged,
    text_of,
)
from tests.invented import invented

NewLocation = Callable[[], Location]
EVERYTHING: Final = ids_of(ARTICLES)
PHRASES: Final = ("ma túy", "mại dâm", "methadone", "heroin", "vùng biên", "quán karaoke")
SORTS: Final = ("relevance", "newest", "oldest")


class Shared:
    """An index of `ARTICLES`, open; not to be changed."""

    @pytest.fixture(scope="class")
    @classmethod
    def location(cls, new_location: NewLocation, tmp_path_factory: pytest.TempPathFactory) -> Location:
        location = new_location()
        filled(location, tmp_path_factory.mktemp("conformance") / "articles.jsonl", ARTICLES)
        return location

    @pytest.fixture(scope="class")
    @classmethod
    def index(cls, location: Location) -> Iterator[searcher.Index]:
        with searcher.open_index(location) as opened:
            yield opened


class Totals(Shared):
    """What is found, and how much."""

    def test_an_empty_query_finds_everything(self, index: searcher.Index) -> None:
        results = index.search("", limit=1000, all_copies=True)
        assert set(found(results)) == EVERYTHING
        assert results.total == results.complete == len(EVERYTHING)
        assert not results.relaxed

    @pytest.mark.parametrize("phrase", PHRASES)
    def test_a_phrase_finds_what_has_it(self, index: searcher.Index, phrase: str) -> None:
        results = index.search(f'"{phrase}"', limit=1000, all_copies=True)
        assert set(found(results)) == having(phrase)
        assert results.total == len(having(phrase))

    def test_operators_are_set_operations(self, index: searcher.Index) -> None:
        def ids(query: str) -> set[str]:
            return set(found(index.search(query, limit=1000, all_copies=True)))

        drugs, trade, treated = having("ma túy"), having("mại dâm"), having("methadone")
        assert ids('"ma túy" VÀ "mại dâm"') == drugs & trade
        assert ids('"ma túy" HOẶC "mại dâm"') == drugs | trade
        assert ids('"ma túy" -"mại dâm"') == drugs - trade
        assert ids('("ma túy" OR "mại dâm") AND methadone') == (drugs | trade) & treated
        assert ids('-"ma túy"') == EVERYTHING - drugs

    def test_words_without_marks_find_what_they_may_stand_for(self, index: searcher.Index) -> None:
        results = index.search("ma tuy", limit=1000, all_copies=True)
        assert set(found(results)) >= having("ma túy")

    def test_few_complete_answers_are_followed_by_those_that_have_some(self, index: searcher.Index) -> None:
        results = index.search("ketamine methadone", limit=1000)
        assert results.relaxed
        assert results.complete == len(having("ketamine") & having("methadone")) < results.total
        assert "nfd" in found(results)

    def test_nothing_is_found_for_what_is_nowhere(self, index: searcher.Index) -> None:
        results = index.search("xyzzyplugh")
        assert (results.total, results.complete, results.distinct, results.hits) == (0, 0, 0, ())
        assert all(counts == () for counts in results.facets.values())

    def test_the_request_is_the_search(self, index: searcher.Index) -> None:
        request = searcher.make_request("ma túy", {"topics": ["ma-tuy"]}, limit=3, sort="newest")
        by_request, by_keywords = index.run(request), index.search("ma túy", topics=["ma-tuy"], limit=3, sort="newest")
        assert (found(by_request), by_request.total) == (found(by_keywords), by_keywords.total)


class Order(Shared):
    """What comes first."""

    def test_scores_fall(self, index: searcher.Index) -> None:
        scores = [hit.score for hit in index.search("ma túy Sơn La", limit=100, all_copies=True).hits]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)

    def test_complete_answers_come_before_the_others(self, index: searcher.Index) -> None:
        results = index.search("ketamine thanh hoá", limit=1000, all_copies=True)
        assert found(results)[0] == "nfd"

    def test_it_says_after_which_rank_no_answer_is_complete(self, index: searcher.Index) -> None:
        whole = index.search("karaoke methadone", limit=1000)
        ranks = [hit.rank for hit in whole.hits if hit.article.id in having("karaoke") & having("methadone")]
        assert 0 < max(ranks) == whole.complete_end < len(whole.hits)
        assert index.search("karaoke methadone", limit=2, offset=2).complete_end == whole.complete_end
        assert index.search("ketamine heroin").complete_end == 0
        assert index.search("ketamine").complete_end is None

    def test_what_was_read_otherwise_is_said_with_trends_and_exports_too(self, index: searcher.Index) -> None:
        with speaking("en"):
            for notes in (index.trends("prostitution").notes, index.export("prostitution").notes):
                assert notes[0].startswith("Read as: mại dâm")
        trends = index.trends("prostitution")
        assert trends.total == index.search("mại dâm", limit=0, sort="newest").total

    @pytest.mark.parametrize("newest", [True, False])
    def test_by_date_the_undated_come_last(self, index: searcher.Index, newest: bool) -> None:
        ids = found(index.search("", sort="newest" if newest else "oldest", limit=1000, all_copies=True))
        moments = {article["id"]: moment_of(article) for article in ARTICLES}
        dated = [moment for one in ids if (moment := moments[one])]
        assert dated == sorted(dated, reverse=newest)
        assert ids[len(dated) :] == [one for one, moment in moments.items() if moment is None]

    def test_ranks_count_from_one_over_all_pages(self, index: searcher.Index) -> None:
        assert [hit.rank for hit in index.search("", limit=5, offset=7).hits] == [8, 9, 10, 11, 12]

    def test_an_order_is_the_same_each_time(self, index: searcher.Index) -> None:
        first, again = (index.search("mại dâm karaoke", limit=50) for _time in range(2))
        assert [(hit.article.id, hit.score) for hit in first.hits] == [
            (hit.article.id, hit.score) for hit in again.hits
        ]

    @pytest.mark.parametrize("sort", SORTS)
    def test_near_identical_articles_are_drawn_together(self, index: searcher.Index, sort: str) -> None:
        together = index.search("heroin", limit=1000, sort=sort)
        apart = index.search("heroin", limit=1000, all_copies=True, sort=sort)
        assert together.distinct == len(together.hits) < len(apart.hits) == apart.distinct == apart.total
        assert sum(1 + hit.copies for hit in together.hits) == together.total == apart.total
        assert [hit.article.id for hit in together.hits] == [hit.article.id for hit in apart.hits if not hit.copy_of]

    @pytest.mark.parametrize("sort", SORTS)
    def test_a_copy_names_a_hit_before_it(self, index: searcher.Index, sort: str) -> None:
        for hits in (
            list(index.search("heroin", limit=1000, all_copies=True, sort=sort)),
            list(index.export("heroin")),
        ):
            copies = Counter(hit.copy_of for hit in hits if hit.copy_of)
            assert copies
            seen: set[str] = set()
            for hit in hits:
                assert not hit.copy_of or hit.copy_of in seen
                assert hit.copies == copies[hit.article.id]
                seen.add(hit.article.id)

    def test_a_share_says_how_much_of_the_query_a_hit_has(self, index: searcher.Index) -> None:
        for hits in (index.search("ketamine methadone", limit=1000).hits, list(index.export("ketamine methadone"))):
            shares = {hit.article.id: hit.share for hit in hits}
            assert {one for one, share in shares.items() if share == 1} == having("ketamine") & having("methadone")
            assert all(0 < share <= 1 for share in shares.values())
        assert {hit.share for hit in index.search("ma túy").hits} == {1.0}
        assert all(hit.share < 1 for hit in index.search("ketamine xyzzyplugh").hits)


class Facets(Shared):
    """Counts, which look past their own filter."""

    VALUES: Final[dict[str, Callable[[dict[str, Any]], list[str]]]] = {
        "province": lambda article: article.get("provinces", []),
        "topic": lambda article: article.get("topics", []),
        "year": lambda article: [str(moment.year)] if (moment := moment_of(article)) else [],
    }

    @pytest.mark.parametrize("facet", VALUES)
    def test_they_count_what_was_found(self, index: searcher.Index, facet: str) -> None:
        results = index.search("", limit=0, since=date(2018, 1, 1))
        counts = {one.value: one.count for one in results.facets[facet]}
        assert counts == counted(published(date(2018, 1, 1)), self.VALUES[facet])

    def test_years_are_of_vietnam(self, index: searcher.Index) -> None:
        years = {one.value: one.count for one in index.search("", limit=0).facets["year"]}
        assert years["2022"] == len(published(date(2022, 1, 1)))

    def test_values_are_most_frequent_first_and_years_newest_first(self, index: searcher.Index) -> None:
        facets = index.search("", limit=0).facets
        for facet in ("province", "topic"):
            ordered = [(-one.count, one.value) for one in facets[facet]]
            assert ordered == sorted(ordered)
        years = [int(one.value) for one in facets["year"]]
        assert years == sorted(years, reverse=True)

    def test_a_facet_looks_past_its_own_filter(self, index: searcher.Index) -> None:
        since = date(2018, 1, 1)
        results = index.search("", provinces=["Sơn La"], topics=["ma-tuy"], since=since, limit=1000, all_copies=True)
        assert set(found(results)) == tagged(provinces=["Sơn La"], topics=["ma-tuy"])
        provinces = {one.value: one.count for one in results.facets["province"]}
        assert provinces == counted(tagged(topics=["ma-tuy"]), self.VALUES["province"])
        topics = {one.value: one.count for one in results.facets["topic"]}
        assert topics == counted(tagged(provinces=["Sơn La"]), self.VALUES["topic"])
        years = {one.value: one.count for one in results.facets["year"]}
        assert years == counted(found(results), self.VALUES["year"])
        assert results.chosen == {"province": ("Sơn La",), "topic": ("ma-tuy",)}

    def test_years_are_alternatives_and_their_facet_looks_past_them(self, index: searcher.Index) -> None:
        results = index.search("", years=[2018, 2020], limit=1000, all_copies=True)
        wanted = published(date(2018, 1, 1), date(2018, 12, 31)) | published(date(2020, 1, 1), date(2020, 12, 31))
        assert set(found(results)) == wanted
        assert results.chosen == {"year": ("2018", "2020")}
        years = {one.value: one.count for one in results.facets["year"]}
        assert years == counted(EVERYTHING, self.VALUES["year"])
        topics = {one.value: one.count for one in results.facets["topic"]}
        assert topics == counted(wanted, self.VALUES["topic"])
        assert index.trends("", years=[2018]).total == len(published(date(2018, 1, 1), date(2018, 12, 31)))
        assert index.export("", years=[2018, 2020]).total == len(wanted)

    def test_months_are_counted_past_the_days_and_only_where_asked_for(self, index: searcher.Index) -> None:
        def month(article: dict[str, Any]) -> list[str]:
            return [f"{moment:%Y-%m}"] if (moment := moment_of(article)) else []

        assert "month" not in index.search("ma túy").facets
        plain = index.search("", topics=["ma-tuy"], since=date(2019, 1, 1), until=date(2019, 12, 31), limit=0)
        results = index.search(
            "", topics=["ma-tuy"], since=date(2019, 1, 1), until=date(2019, 12, 31), limit=0, months=True
        )
        months = [one.value for one in results.facets["month"]]
        assert months == sorted(months)
        assert {one.value: one.count for one in results.facets["month"]} == counted(tagged(topics=["ma-tuy"]), month)
        assert results.total == plain.total
        assert {name: counts for name, counts in results.facets.items() if name != "month"} == plain.facets

    def test_provinces_are_of_the_map_that_was_asked_for(self, index: searcher.Index) -> None:
        by_the_34 = index.search("", provinces=["Sơn La", "Thanh Hóa"], provinces_of=2025, limit=0)
        assert by_the_34.total == len(tagged(provinces=["Sơn La", "Thanh Hóa"]))
        assert {one.value for one in by_the_34.facets["province"]} >= {"Sơn La", "Hà Nội", "Điện Biên"}


class Reading(Shared):
    """Texts as a query reads them, and the state that answers."""

    def test_what_a_query_finds_is_marked_and_nothing_else_changes(self, index: searcher.Index) -> None:
        texts = ["Phòng chống mại dâm ở Sơn La", "", f"{MARKS[0]}Ma tuý{MARKS[1]} & <b>"]
        marked = index.mark("mai dam ma túy", texts)
        assert marked[0] == f"Phòng chống {MARKS[0]}mại dâm{MARKS[1]} ở Sơn La"
        assert marked[1] == ""
        assert marked[2] == f"{MARKS[0]}Ma tuý{MARKS[1]} & <b>"
        assert index.mark("", texts) == tuple(map(unmarked, texts))

    def test_a_commit_makes_another_version(
        self, new_location: NewLocation, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        location, folder = new_location(), tmp_path_factory.mktemp("versions")
        filled(location, folder / "first.jsonl", invented(3))
        with searcher.open_index(location) as before:
            assert before.is_current()
            filled(location, folder / "second.jsonl", invented(2, start=3))
            assert not before.is_current()
            with searcher.open_index(location) as after:
                assert after.is_current()
                assert after.version != before.version


class Paging(Shared):
    """Pages, one after the other."""

    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("text", ["", "ma túy", "mai dam karaoke", '"heroin" -methadone'])
    def test_pages_one_after_the_other_are_the_whole(self, index: searcher.Index, text: str, sort: str) -> None:
        whole = index.search(text, sort=sort, limit=1000)
        pages: list[str] = []
        for number in itertools.count():
            page = index.search(text, sort=sort, limit=7, offset=7 * number)
            assert (page.total, page.distinct) == (whole.total, whole.distinct)
            if not page.hits:
                break
            pages += found(page)
        assert pages == found(whole)
        assert len(pages) == len(set(pages)) == whole.distinct

    def test_a_page_behind_the_last_is_empty(self, index: searcher.Index) -> None:
        results = index.search("ma túy", offset=1000)
        assert (results.hits, results.total > 0) == ((), True)

    def test_a_page_of_no_hits_has_counts(self, index: searcher.Index) -> None:
        results = index.search("", limit=0)
        assert (results.hits, results.total) == ((), len(EVERYTHING))


class Filters(Shared):
    """What narrows, by keyword and in the text."""

    @pytest.mark.parametrize(
        ("provinces", "topics"),
        [
            (["Sơn La"], []),
            (["son la", "thanh hoa"], []),
            ([], ["ma-tuy"]),
            ([], ["mại dâm", "hiv-aids"]),
            (["Hà Nội"], ["mua-ban-nguoi", "ma-tuy"]),
        ],
    )
    def test_values_of_one_are_alternatives_and_several_must_all_hold(
        self, index: searcher.Index, provinces: list[str], topics: list[str]
    ) -> None:
        names = {"son la": "Sơn La", "thanh hoa": "Thanh Hóa", "mại dâm": "mai-dam"}
        given = tagged(
            provinces=[names.get(one, one) for one in provinces], topics=[names.get(one, one) for one in topics]
        )
        inferred = {"khong-ngay"}  # has no tags of its own, and gets those that its text gives
        results = index.search("", provinces=provinces, topics=topics, limit=1000, all_copies=True)
        assert set(found(results)) - inferred == given - inferred

    @pytest.mark.parametrize(
        ("query", "filters"),
        [
            ('tỉnh:"Sơn La"', {"provinces": ["Sơn La"]}),
            ("chủđề:ma-tuy", {"topics": ["ma-tuy"]}),
            ("năm:2019", {"since": date(2019, 1, 1), "until": date(2019, 12, 31)}),
            ("date:2018..2019", {"since": date(2018, 1, 1), "until": date(2019, 12, 31)}),
        ],
    )
    def test_typed_and_given_they_find_the_same(
        self, index: searcher.Index, query: str, filters: searcher.Filters
    ) -> None:
        typed = index.search(query, limit=1000, all_copies=True)
        given = index.search("", limit=1000, all_copies=True, **filters)
        assert set(found(typed)) == set(found(given))
        assert typed.total == given.total > 0

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            (date(2019, 3, 1), date(2019, 3, 31)),
            (date(2020, 5, 1), date(2020, 5, 1)),
            (date(2021, 12, 31), date(2021, 12, 31)),
            (date(2022, 1, 1), None),
            (None, date(2018, 6, 30)),
        ],
    )
    def test_days_are_of_vietnam_and_both_included(
        self, index: searcher.Index, first: date | None, last: date | None
    ) -> None:
        results = index.search("", since=first, until=last, limit=1000, all_copies=True)
        assert set(found(results)) == published(first, last)

    def test_a_datetime_is_taken_to_the_minute(self, index: searcher.Index) -> None:
        moment = datetime(2021, 12, 31, 23, 59, 59, tzinfo=VIETNAM)
        ids = set(found(index.search("", since=moment, limit=1000)))
        assert ids == {"ký tự lạ/ü?#&%20", "dau-nam", "theo-gio-quoc-te"}
        later = set(found(index.search("", since=moment + timedelta(seconds=1), limit=1000)))
        assert later == {"dau-nam", "theo-gio-quoc-te"}

    @pytest.mark.parametrize(
        "days",
        [{"since": "2018"}, {"until": date(2024, 1, 1)}, {"since": date(1, 1, 1), "until": date(9999, 12, 31)}],
        ids=str,
    )
    def test_what_days_leave_out_for_want_of_a_date_is_counted(
        self, index: searcher.Index, days: searcher.Filters
    ) -> None:
        for text, count in (("", 1), ('"cai nghiện"', 1), ("methadone", 0), ('tỉnh:"Sơn La"', 0), ("-miễn", 0)):
            for one in (index.search(text, **days), index.export(text, **days), index.trends(text, **days)):
                assert (one.undated, one.by_days) == (count, True)

    @pytest.mark.parametrize(("text", "count"), [("năm:2019", 1), ("-năm:2019", 1), ("năm:2019 methadone", 0)])
    def test_so_for_days_that_are_typed(self, index: searcher.Index, text: str, count: int) -> None:
        results = index.search(text, limit=1000)
        assert (results.undated, results.by_days) == (count, not text.startswith("-"))
        assert "khong-ngay" in found(results) or not text.startswith("-")

    def test_without_days_those_in_no_year_are_counted(self, index: searcher.Index) -> None:
        results = index.search("", limit=0)
        assert (results.undated, results.by_days) == (1, False)
        assert results.total == 1 + sum(one.count for one in results.facets["year"])
        assert index.search("", limit=0, topics=["mua-ban-nguoi"]).undated == 0

    @pytest.mark.parametrize(
        ("since", "until"),
        [
            ("2019", "2019"),
            ("1/1/2019", "31/12/2019"),
            ("2019-01-01", date(2019, 12, 31)),
            (datetime(2019, 1, 1), datetime(2019, 12, 31, 23, 59, 59)),
            ("2019-01-01T00:00:00+07:00", "12/2019"),
        ],
    )
    def test_days_may_be_texts(self, index: searcher.Index, since: Any, until: Any) -> None:
        wanted = published(date(2019, 1, 1), date(2019, 12, 31))
        results = index.search("", since=since, until=until, limit=1000, all_copies=True)
        assert set(found(results)) == wanted
        assert index.trends("", since=since, until=until).total == len(wanted)

    @pytest.mark.parametrize(
        ("name", "province"), [("Hà Tây", "Hà Nội"), ("thị xã Sơn Tây", "Hà Nội"), ("vinh", "Nghệ An")]
    )
    def test_a_town_or_former_province_stands_for_where_it_lies(
        self, index: searcher.Index, name: str, province: str
    ) -> None:
        meant, taken = index.search("", provinces=[province], limit=0), index.search("", provinces=[name], limit=0)
        assert (taken.total, taken.chosen) == (meant.total, {"province": (province,)})
        assert meant.notes == () and province in taken.notes[0]
        assert index.export("", provinces=[name]).notes == index.trends(provinces=[name]).notes == taken.notes

    def test_they_narrow_searches_exports_and_trends_alike(self, index: searcher.Index) -> None:
        filters: searcher.Filters = {"provinces": ["Sơn La"], "topics": ["ma-tuy"], "since": date(2019, 1, 1)}
        total = index.search("", limit=0, **filters).total
        assert 0 < total == index.trends(**filters).total == len(list(index.export("", **filters)))


class Errors(Shared):
    """What is refused, each with a sentence."""

    @pytest.mark.parametrize(
        "asked",
        [
            {"provinces": ["Atlantis"]},
            {"provinces": ["Châu Thành"]},
            {"provinces": "Sơn La"},
            {"provinces": [None]},
            {"topics": "ma-tuy"},
            {"since": "hôm kia"},
            {"since": "0001"},
            {"until": 2020},
            {"until": "9" * 5000},
            {"topics": ["football"]},
            {"sort": "loudest"},
            {"since": date(2020, 1, 2), "until": date(2020, 1, 1)},
            {"provinces_of": 1800},
            {"limit": -1},
            {"limit": 1_000_000},
            {"offset": -1},
        ],
        ids=str,
    )
    def test_a_filter_that_is_none_is_refused(self, index: searcher.Index, asked: dict[str, Any]) -> None:
        with pytest.raises(searcher.BadFilter, match=r"."):
            index.search("ma túy", **asked)

    @pytest.mark.parametrize("method", ["search", "export", "trends"])
    def test_a_keyword_that_is_none_is_a_type_error(self, index: searcher.Index, method: str) -> None:
        with pytest.raises(TypeError, match="province"):
            getattr(index, method)("", province="Sơn La")

    @pytest.mark.parametrize("asked", [{"by": "colour"}, {"by": "topic", "unit": "day"}], ids=str)
    def test_trends_by_what_is_none_are_refused(self, index: searcher.Index, asked: dict[str, Any]) -> None:
        with pytest.raises(searcher.BadFilter):
            index.trends("", **asked)

    @pytest.mark.parametrize("article_id", ["nowhere", "", "../bai-000", "x" * 5000, "\x00", "\ud800"])
    def test_an_id_that_is_none_is_not_found(self, index: searcher.Index, article_id: str) -> None:
        for call in (index.get, index.similar):
            with pytest.raises(searcher.ArticleNotFound):
                call(article_id)

    @pytest.mark.parametrize("text", ["ma túy ", '"', "((", "e\u0301"])
    def test_of_an_endless_text_the_beginning_is_read_and_that_is_said(self, index: searcher.Index, text: str) -> None:
        for beginning in (index.search(text * 1001), index.search(text * 300_000)):
            assert len(beginning.query) == 1000
            assert len(beginning.notes) >= 1
            assert beginning.notes[0] == "Only the first 1,000 characters of the query were read."
        assert index.export(text * 300_000).notes == beginning.notes
        assert index.trends(text * 300_000).notes == beginning.notes
        assert isinstance(index.suggest(text * 300_000), tuple)

    def test_an_endless_name_is_not_told_in_full(self, index: searcher.Index) -> None:
        endless = "x" * 1_000_000
        for asked in ({"provinces": [endless]}, {"topics": [endless]}, {"since": endless}, {"provinces": endless}):
            with pytest.raises(searcher.BadFilter) as refused:
                index.search("", **asked)  # type: ignore[arg-type]
            assert len(str(refused.value)) < 1000
        with pytest.raises(searcher.ArticleNotFound) as missing:
            index.get(endless)
        assert len(str(missing.value)) < 1000

    @pytest.mark.parametrize("text", ["((((", '"', "AND OR NOT", "\x00\x1b[31m", "\ud800", "a" * 5000, "^~*", "x:y:z"])
    def test_no_text_is_an_error(self, index: searcher.Index, text: str) -> None:
        assert index.search(text).total >= 0
        assert index.trends(text).total >= 0
        assert isinstance(index.suggest(text), tuple)


class Articles(Shared):
    """Articles as they were given, in hits, in exports and by id."""

    @pytest.mark.parametrize("given", ARTICLES[::7] + ARTICLES[-5:], ids=lambda given: given["id"])
    def test_an_article_comes_back_as_it_was(self, index: searcher.Index, given: dict[str, Any]) -> None:
        article = index.get(given["id"])
        # Decomposed text comes back composed: the same letters.
        texts = (given["id"], normalize("NFC", given["title"]), normalize("NFC", given["body"]))
        assert (article.id, article.title, article.body) == texts
        assert article.published == moment_of(given)
        assert article.provinces is not None and article.topics is not None
        if "provinces" in given:
            assert (article.provinces, article.topics) == (tuple(given["provinces"]), tuple(given["topics"]))

    def test_a_snippet_is_of_the_article_and_marks_words_of_the_query(self, index: searcher.Index) -> None:
        articles = {article["id"]: article for article in ARTICLES}
        opening, closing = MARKS
        found = index.search('"mại dâm"', limit=100).hits
        hits = [hit for hit in found if "mại dâm" in articles[hit.article.id]["body"]]
        for hit in hits:
            marked = hit.snippet.split(opening)[1].split(closing)[0]
            assert marked.lower() == "mại dâm"
            passage = unmarked(hit.snippet).strip("… ").split("…")[0].strip()
            assert passage.lower() in text_of(articles[hit.article.id]).replace("\n", " ")
        assert hits

    def test_so_for_what_is_similar(self, index: searcher.Index) -> None:
        shown, plain = index.similar("bai-000"), index.similar("bai-000", snippets=False)
        assert any(hit.snippet for hit in shown.hits)
        assert [hit.article.id for hit in plain.hits] == [hit.article.id for hit in shown.hits]
        assert {hit.snippet for hit in plain.hits} == {""}

    def test_without_snippets_there_are_none(self, index: searcher.Index) -> None:
        assert {hit.snippet for hit in index.search("ma túy", snippets=False).hits} == {""}

    def test_decomposed_and_composed_text_find_each_other(self, index: searcher.Index) -> None:
        assert found(index.search('"thanh hóa"')) == found(index.search('"thanh hoá"')) == ["nfd"]


class Exports(Shared):
    """Every hit, once, in order."""

    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("text", ["", "ma túy", "mai dam karaoke", '"heroin" -methadone'])
    def test_an_export_is_all_pages_one_after_the_other(self, index: searcher.Index, text: str, sort: str) -> None:
        pages = []
        while page := index.search(text, sort=sort, limit=9, offset=len(pages), all_copies=True).hits:
            pages += page
        export = index.export(text, sort=sort, snippets=True)
        total = export.total
        hits = list(export)
        assert [(hit.rank, hit.article, hit.snippet) for hit in hits] == [
            (hit.rank, hit.article, hit.snippet) for hit in pages
        ]
        assert total == len(hits) == index.search(text, limit=0, sort=sort).total

    def test_it_says_before_the_first_hit_what_a_page_says(self, index: searcher.Index) -> None:
        for text in ("", "ketamine methadone", 'ma túy tỉnh:"nơi nào"'):
            page, export = index.search(text, limit=0), index.export(text)
            assert (export.total, export.complete, export.notes) == (page.total, page.complete, page.notes)


class Exploring(Shared):
    """Trends, more like this, suggestions, corrections, statistics, explanations."""

    @pytest.mark.parametrize("by", ["year", "month"])
    def test_trends_count_each_article_in_its_period(self, index: searcher.Index, by: str) -> None:
        found = index.trends("", by=by)
        form = "%Y" if by == "year" else "%Y-%m"
        counts = counted(published(), lambda article: [moment_of(article).strftime(form)])  # type: ignore[union-attr]
        assert {
            period: count for period, count in zip(found.periods, found.rows[0].counts, strict=True) if count
        } == counts
        assert found.undated == len(EVERYTHING) - len(published())
        assert list(found.periods) == sorted(found.periods)

    def test_trends_may_count_stories(self, index: searcher.Index) -> None:
        articles, stories = index.trends("heroin"), index.trends("heroin", stories=True)
        assert (articles.stories, stories.stories) == (False, True)
        assert 0 < stories.total < articles.total
        assert sum(stories.articles) < sum(articles.articles)
        for one, whole in zip(stories.rows[0].counts, stories.articles, strict=True):
            assert one <= whole

    def test_trends_have_a_row_for_each_topic(self, index: searcher.Index) -> None:
        found = index.trends('"heroin"', by="topic", unit="year")
        rows = {row.value: row.total for row in found.rows}
        assert rows == counted(having("heroin") & published(), lambda article: article["topics"])
        assert all(
            count <= whole for row in found.rows for count, whole in zip(row.counts, found.articles, strict=True)
        )

    def test_what_is_similar_is_other_articles_and_its_copies(self, index: searcher.Index) -> None:
        found = index.similar("bai-000", limit=5)
        assert found.article.id == "bai-000"
        ids = [hit.article.id for hit in found.hits] + [copy.id for copy in found.copies]
        assert "bai-000" not in ids and len(set(ids)) == len(ids) > 0
        assert len(found.hits) <= 5
        scores = [hit.score for hit in found.hits]
        assert scores == sorted(scores, reverse=True)
        assert abs(sum(term.weight for term in found.terms) - 1) < 1e-6

    @pytest.mark.parametrize(("typed", "meant"), [("mai d", "mại dâm"), ("son l", "Sơn La"), ("metha", "methadone")])
    def test_what_is_being_typed_is_completed(self, index: searcher.Index, typed: str, meant: str) -> None:
        suggestions = index.suggest(typed, limit=8)
        assert len(suggestions) <= 8
        assert any(meant.lower() in one.text.lower() for one in suggestions)

    def test_signs_alone_are_nothing_to_complete(self, index: searcher.Index) -> None:
        for typed in ("((", "[]", '"', "-", "…", " ( "):
            assert index.suggest(typed) == ()

    def test_facts_are_counted_and_narrow_where_it_says_that_it_has_them(self, index: searcher.Index) -> None:
        facets = index.search("").facets
        if not index.has_facts:
            assert not {"offence", "stage", "drug", "kind"} & facets.keys()
            with pytest.raises(searcher.BadFilter):
                index.search("", kinds=["case"])
            return
        kinds = {one.value: one.count for one in facets["kind"]}
        assert sum(kinds.values()) == len(EVERYTHING)
        for kind, count in kinds.items():
            narrowed = index.search("", kinds=[kind], limit=100)
            assert narrowed.total == count
            assert {one.value: one.count for one in narrowed.facets["kind"]} == kinds
            assert all(
                (hit.facts is not None and hit.facts.kind == "case") == (kind == "case") for hit in narrowed.hits
            )
        assert index.search("", kinds=list(kinds)).total == len(EVERYTHING)

    def test_the_same_text_is_read_anew_in_another_language(self, index: searcher.Index) -> None:
        def notes(language: str) -> tuple[str, ...]:
            with speaking(language):
                return index.search("tỉnh:Atlantis ma túy").notes

        english, vietnamese = notes("en"), notes("vi")
        assert english and vietnamese and english != vietnamese
        assert notes("en") == english

    def test_a_misspelt_word_is_noticed(self, index: searcher.Index) -> None:
        assert index.search("methadon").suggestion == "methadone"
        assert index.search("methadone").suggestion == ""

    def test_statistics_say_what_there_is(self, index: searcher.Index) -> None:
        stats = index.stats()
        assert stats.articles == len(EVERYTHING)
        assert stats.provinces["Điện Biên"] == len(tagged(provinces=["Điện Biên"]))
        assert stats.topics["mai-dam"] == len(tagged(topics=["mai-dam"]))
        moments = [moment for article in ARTICLES if (moment := moment_of(article))]
        assert (stats.oldest, stats.newest) == (min(moments), max(moments))
        assert stats.terms > 0 and stats.bytes > 0

    def test_an_explanation_adds_up(self, index: searcher.Index) -> None:
        results = index.search("ma túy Sơn La", explain=True, limit=3)
        assert results.explanation is not None
        for hit in results.hits:
            assert sum(hit.explanation.values()) == pytest.approx(hit.score, abs=0.05)
        assert index.search("ma túy").explanation is None


class Life:
    """An index from empty to changed to closed."""

    def test_an_empty_index_answers(self, new_location: NewLocation, tmp_path: Path) -> None:
        location = new_location()
        filled(location, tmp_path / "nothing.jsonl", [])
        with searcher.open_index(location) as index:
            assert (index.search("ma túy").total, index.search("").total, index.stats().articles) == (0, 0, 0)
            assert (list(index.export("")), index.trends("").total, index.suggest("ma")) == ([], 0, ())
            with pytest.raises(searcher.ArticleNotFound):
                index.get("bai-000")

    def test_no_index_is_not_found(self, new_location: NewLocation) -> None:
        with pytest.raises(searcher.IndexNotFound, match=r"."):
            searcher.open_index(new_location())

    def test_it_follows_its_sources(self, new_location: NewLocation, tmp_path: Path) -> None:
        location, file = new_location(), tmp_path / "articles.jsonl"
        before = invented(6)
        assert filled(location, file, before).added == 6
        assert filled(location, file, before).unchanged == 6
        after = [{**before[0], "body": "Nội dung đã sửa: ketamine."}, *before[1:4], *invented(2, start=100)]
        summary = filled(location, file, after, prune=True)
        assert (summary.updated, summary.added, summary.unchanged, summary.removed) == (1, 2, 3, 2)
        with searcher.open_index(location) as index:
            assert set(found(index.search("", limit=100))) == ids_of(after)
            assert found(index.search('"ketamine"')) == [before[0]["id"]]
            assert index.stats().articles == 6
            with pytest.raises(searcher.ArticleNotFound):
                index.get(before[5]["id"])

    def test_without_pruning_nothing_goes(self, new_location: NewLocation, tmp_path: Path) -> None:
        location = new_location()
        filled(location, tmp_path / "one.jsonl", invented(3))
        filled(location, tmp_path / "two.jsonl", invented(3, start=3))
        with searcher.open_index(location) as index:
            assert index.stats().articles == 6

    def test_a_rebuilt_index_has_what_was_read(self, new_location: NewLocation, tmp_path: Path) -> None:
        location = new_location()
        filled(location, tmp_path / "one.jsonl", invented(3))
        filled(location, tmp_path / "two.jsonl", invented(4, start=3), rebuild=True)
        with searcher.open_index(location) as index:
            assert set(found(index.search("", limit=100))) == ids_of(invented(4, start=3))

    def test_a_closed_index_says_so(self, new_location: NewLocation, tmp_path: Path) -> None:
        location = new_location()
        filled(location, tmp_path / "one.jsonl", invented(3))
        index = searcher.open_index(location)
        index.search("ma túy")
        index.close()
        index.close()
        for call in (
            lambda: index.search("ma túy"),
            lambda: index.run(searcher.make_request("ma túy")),
            lambda: index.export("ma túy"),
            lambda: index.trends("ma túy"),
            lambda: index.similar("bai-000"),
            lambda: index.suggest("ma"),
            lambda: index.get("bai-000"),
            index.stats,
        ):
            with pytest.raises(searcher.IndexClosed):
                call()


class Conformance(Totals, Order, Facets, Reading, Paging, Filters, Errors, Articles, Exports, Exploring, Life):
    """All of it."""

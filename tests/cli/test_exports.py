"""--csv and --jsonl: every hit, as a spreadsheet or another program reads it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

import searcher
from searcher.facts.records import FactsObject
from searcher.query.rows import HIT_COLUMNS, csv_cell
from tests.commands import COMMAND
from tests.commands import run_bytes as run
from tools.terminal import clean_environment

HOSTILE = {
    "id": "=1+1",
    "title": '=HYPERLINK("http://x","bấm") mại dâm',
    "lead": "-5 độ, \x1b[31mđỏ\x1b[0m",
    "body": '@SUM(A1) mại dâm; dấu phẩy, "ngoặc"\nhai dòng',
    "source": "+84 báo",
    "published": "2020-02-17T17:05:00+07:00",
    "provinces": ["Sơn La", "Hà Nội"],
    "topics": ["mai-dam", "ma-tuy"],
}


def rows(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.fixture
def hostile_index(tmp_path: Path) -> Path:
    (tmp_path / "hostile.jsonl").write_text(json.dumps(HOSTILE) + "\n", encoding="utf-8")
    searcher.index_paths(tmp_path / "index", [tmp_path / "hostile.jsonl"])
    return tmp_path / "index"


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_csv_has_every_hit_in_order_with_the_names_of_json(seeds_folder: Path, sort: str) -> None:
    done = run("query", "ma túy", "--sort", sort, "--csv", "-i", seeds_folder, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith(b"\xef\xbb\xbfrank,id,score,title,published,")
    assert done.stdout.count(b"\r\n") == done.stdout.count(b"\n")
    found = rows(done.stdout)
    shown = run("query", "ma túy", "--sort", sort, "-n", 100, "--json", "-i", seeds_folder)
    hits = json.loads(shown.stdout)["hits"]
    copies = sum(hit["copies"] for hit in hits)  # these are in an export as well
    ids = {hit["id"] for hit in hits}
    assert len(found) == len(hits) + copies
    assert [row["id"] for row in found if row["id"] in ids] == [hit["id"] for hit in hits]
    assert set(HIT_COLUMNS) <= set(hits[0]) | set(FactsObject.__struct_fields__)
    assert {row["id"]: row["offences"] for row in found if row["id"] in ids} == {
        hit["id"]: "; ".join(hit["facts"]["offences"]) if hit["facts"] else "" for hit in hits
    }
    for row, hit in zip((row for row in found if row["id"] in ids), hits, strict=True):
        assert row["title"] == hit["title"]
        assert row["provinces"] == "; ".join(hit["provinces"])
        assert row["topics"] == "; ".join(hit["topics"])
        assert row["published"] == (hit["published"] or "")[:16].replace("T", " ")


def test_no_cell_is_a_formula_and_none_commands_a_terminal(hostile_index: Path) -> None:
    raw = run("query", "mại dâm", "--csv", "-i", hostile_index).stdout
    (row,) = rows(raw)
    assert row["id"] == "'=1+1"
    assert row["title"].startswith("'=HYPERLINK")
    assert row["source"] == "'+84 báo"
    assert row["snippet"].startswith("'-5 độ")
    assert row["provinces"] == "Sơn La; Hà Nội"
    assert row["published"] == "2020-02-17 17:05"
    assert b"\x1b" not in raw


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("\n=1", "'\n=1"),
        (" \t@SUM(A1)", "' \t@SUM(A1)"),
        ("\u00a0+84", "'\u00a0+84"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0bcmd", "'\uff0bcmd"),
        ("\uff20SUM", "'\uff20SUM"),
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("x\t=1", "x\t'=1"),
        (";@x", ";'@x"),
        ("ngày 17-2; xử 5 bị cáo", "ngày 17-2; xử 5 bị cáo"),
        ("a=b", "a=b"),
        (-5, -5),
        (["Sơn La", "=1"], "Sơn La;' =1"),
    ],
)
def test_no_cell_is_taken_for_a_formula(text: object, cell: object) -> None:
    assert csv_cell(text) == cell


def test_jsonl_is_read_again_as_the_same_articles(hostile_index: Path, seeds_folder: Path, tmp_path: Path) -> None:
    for index in (hostile_index, seeds_folder):
        done = run("query", "", "--jsonl", "-i", index)
        assert done.returncode == 0
        file = tmp_path / "again.jsonl"
        file.write_bytes(done.stdout)
        again = tmp_path / f"again-{index.name}"
        assert run("index", file, "-i", again).returncode == 0
        with searcher.open_index(index) as one, searcher.open_index(again) as other:
            for hit in one.export(""):
                copy = other.get(hit.article.id)
                for name in ("title", "lead", "body", "published", "provinces", "topics", "source", "url", "author"):
                    assert getattr(copy, name) == getattr(hit.article, name), name


def test_nothing_found_is_a_header_and_no_line(seeds_folder: Path) -> None:
    assert rows(run("query", "xyzxyz", "--csv", "-i", seeds_folder).stdout) == []
    assert run("query", "xyzxyz", "--jsonl", "-i", seeds_folder).stdout == b""


@pytest.mark.parametrize(
    "options", [("--csv", "--json"), ("--csv", "--jsonl"), ("--json", "--jsonl"), ("--json", "--csv", "--jsonl")]
)
def test_they_exclude_each_other(seeds_folder: Path, options: tuple[str, ...]) -> None:
    done = run("query", "x", *options, "-i", seeds_folder)
    assert done.returncode == 2
    assert b"exclude each other" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("options", [("-n", "5"), ("--page", "1"), ("-n", "10")])
def test_a_page_of_an_export_is_refused(seeds_folder: Path, options: tuple[str, ...]) -> None:
    done = run("query", "x", "--csv", *options, "-i", seeds_folder)
    assert done.returncode == 2
    assert b"every hit" in done.stderr


@pytest.mark.parametrize("option", ["--csv", "--jsonl"])
def test_a_reader_that_leaves_early_hears_no_complaint(option: str, seeds_folder: Path) -> None:
    arguments = [*COMMAND, "query", "", option, "-i", str(seeds_folder)]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize("option", ["--csv", "--jsonl"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_that_not_all_rows_have_all_the_words_is_said_in_a_line_beside_them(
    seeds_folder: Path, option: str, language: str
) -> None:
    asked = ("query", "mại dâm Sơn La")
    counts = json.loads(run(*asked, "--json", "-i", seeds_folder).stdout)
    assert 0 < counts["complete"] < counts["total"]
    done = run(*asked, option, "-i", seeds_folder, SEARCHER_LANG=language)
    assert done.returncode == 0
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(str(counts["complete"]) if language == "en" else f"{counts['complete']} bài")
    exported = rows(done.stdout) if option == "--csv" else done.stdout.splitlines()
    assert len(exported) == counts["total"]
    assert run("query", "mại dâm VÀ Sơn La", option, "-i", seeds_folder).stderr == b""


def test_trends_say_where_nothing_has_all_the_words(seeds_folder: Path) -> None:
    asked = ("trends", "mại dâm ở biển xanh cát trắng")
    assert json.loads(run(*asked, "--json", "-i", seeds_folder).stdout)["relaxed"]
    shown = run(*asked, "-i", seeds_folder)
    assert b"No article has all the words" in shown.stdout
    exported = run(*asked, "--csv", "-i", seeds_folder)
    assert b"No article has all the words" in exported.stderr
    assert rows(exported.stdout)
    assert run("trends", "mại dâm Sơn La", "--csv", "-i", seeds_folder).stderr == b""

"""What is said where articles have no date, where copies are drawn together, and of names that are no province's."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

import searcher
from tests.cli.conftest import Terminal
from tests.commands import run_bytes

BODY = "Công an bắt quả tang hai người mua bán heroin ở bản giáp biên, thu giữ 12 gói nhỏ. Tin này là bịa. " * 6
ARTICLES: list[dict[str, Any]] = [
    {"id": "mot", "title": "Bắt heroin", "body": BODY, "published": "2020-02-17T08:00:00+07:00"},
    {"id": "mot-chep", "title": "Bắt heroin (chép)", "body": BODY, "published": "2021-02-18T08:00:00+07:00"},
    {"id": "hai", "title": "Heroin, không rõ ngày", "body": "Tin bịa, ngắn, về heroin."},
    {"id": "ba", "title": "Methadone, không rõ ngày", "body": "Tin bịa về methadone."},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("undated")
    (made / "tin.jsonl").write_text("\n".join(json.dumps(one) for one in ARTICLES), "utf-8")
    searcher.index_paths(made / "index", [made / "tin.jsonl"])
    return made / "index"


def run(folder: Path, *arguments: str) -> tuple[str, str]:
    done = run_bytes(*arguments, "-i", folder)
    assert done.returncode == 0
    return done.stdout.decode("utf-8-sig"), done.stderr.decode("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "heroin", "--since", "2019"), "1 more matches but has no date, so it is not among these."),
        (("query", "", "--since", "2019"), "2 more match but have no date, so they are not among these."),
        (("query", "methadone", "--since", "2019"), "1 article matches, but has no date"),
        (("query", "methadone năm:2019"), "1 article matches, but has no date"),
        (("query", "heroin"), "1 of them has no date and is in no year."),
        (("trends", "heroin"), "1 of them has no date and is in no period."),
        (("trends", "heroin", "--since", "2019"), "1 more matches but has no date"),
        (("trends", "methadone", "--since", "2019"), "1 article matches, but has no date"),
        (("query", "heroin", "--sort", "newest"), "3 articles · 1 of them a copy"),
        (("query", "heroin", "--sort", "newest"), "+1 similar copy"),
        (("trends", "heroin", "--stories"), "2 stories"),
        (("query", "methadone"), "1 article ·"),
        (("query", "heroin", "-p", "Hà Tây"), "'Hà Tây' was a province until 2008; taken are: Hà Nội."),
        (("trends", "heroin", "-p", "Vinh"), "'Vinh' is in Nghệ An; taken is the whole province."),
    ],
)
def test_it_is_said(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    out, _err = run(folder, *arguments)
    assert said in out
    assert "fewer words" not in out or "no date" not in out


@pytest.mark.parametrize(
    "arguments", [("query", "heroin", "--csv"), ("query", "heroin", "--jsonl"), ("trends", "heroin", "--csv")]
)
def test_it_is_said_beside_an_export(folder: Path, arguments: tuple[str, ...]) -> None:
    _out, err = run(folder, *arguments, "--since", "2019")
    assert "1 more matches but has no date" in err


@pytest.mark.parametrize(("option", "count"), [("--since=2019", 1), ("--until=2030", 1), ("--sort=newest", 1)])
def test_json_counts_it(folder: Path, option: str, count: int) -> None:
    assert json.loads(run(folder, "query", "heroin", "--json", option)[0])["undated"] == count


def test_exports_say_which_row_is_a_copy_and_how_much_of_the_query_it_has(folder: Path) -> None:
    out, err = run(folder, "query", "heroin xyzzyplugh", "--csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(out))}
    assert "No article has all the words" in err
    assert {one for one, row in rows.items() if row["copy_of"]} | {row["copy_of"] for row in rows.values()} - {""} == {
        "mot",
        "mot-chep",
    }
    assert all(0 < float(row["share"]) < 1 for row in rows.values())
    lines = [json.loads(line) for line in run(folder, "query", "heroin", "--jsonl")[0].splitlines()]
    assert sorted(line["copies"] for line in lines) == [0, 0, 1]
    assert {line["share"] for line in lines} == {1}
    whole = json.loads(run(folder, "query", "heroin", "--json", "--all-copies")[0])
    assert [hit["copy_of"] for hit in whole["hits"]].count(None) == 2


def test_what_is_not_scored_shows_no_score(folder: Path, terminal: Terminal) -> None:
    for columns in (80, 140):
        assert "0.0" not in terminal("query", "heroin", "--sort", "newest", "-i", folder, columns=columns)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ngệ An", "Did you mean 'Nghệ An'?"),
        ("Thanh Hoa1", "Did you mean 'Thanh Hóa'?"),
        ("Châu Thành", "places of this name are in: Tây Ninh, Long An"),
        ("At\nlantis", "'At lantis' is not a province. Example: 'Sơn La'"),
    ],
)
def test_a_name_that_is_no_province_gets_help(folder: Path, name: str, said: str) -> None:
    done = run_bytes("query", "x", "-p", name, "-i", folder)
    assert done.returncode == 1
    assert said in done.stderr.decode() and len(done.stderr.splitlines()) == 1

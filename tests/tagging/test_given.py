"""Tags that articles come with: mapped to known ones, else inferred and reported."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from searcher.article import Article
from searcher.cli.app import with_commands
from searcher.tagging import given_provinces, given_topics, tag, unknown_tags


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Mộc Châu", ("Sơn La",)),
        ("Hà Tây", ("Hà Nội",)),
        ("Sơn La/Điện Biên", ("Sơn La", "Điện Biên")),
        ("Sơn La và Hòa Bình", ("Sơn La", "Hòa Bình")),
        ("TP Vinh", ("Nghệ An",)),
        ("buon ma thuot", ("Đắk Lắk",)),
        ("Bà Rịa - Vũng Tàu", ("Bà Rịa - Vũng Tàu",)),
        ("huyện Kỳ Sơn, Nghệ An", ("Nghệ An",)),
        ("Bến Lức, Long An", ("Long An",)),
        ("Sapa", ("Lào Cai",)),
        ("toàn quốc", ()),
        ("Châu Thành", ()),
        ("x" * 10_000, ()),
    ],
)
def test_given_provinces_are_mapped_through_the_gazetteer(given: str, meant: tuple[str, ...]) -> None:
    assert given_provinces([given]).values == meant
    assert given_provinces([given]).unknown == (() if meant else (given,))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("HIV", ("hiv-aids",)),
        ("AIDS", ("hiv-aids",)),
        ("HIV/AIDS", ("hiv-aids",)),
        ("drugs", ("ma-tuy",)),
        ("Ma tuý", ("ma-tuy",)),
        ("Buôn người", ("mua-ban-nguoi",)),
        ("Ma túy, mại dâm", ("ma-tuy", "mai-dam")),
        ("heroin", ("ma-tuy",)),
        ("Thể thao", ()),
    ],
)
def test_given_topics_are_mapped_by_the_names_that_the_command_line_knows(given: str, meant: tuple[str, ...]) -> None:
    assert given_topics([given]).values == meant
    assert given_topics([given]).unknown == (() if meant else (given,))


def test_what_maps_to_nothing_is_inferred_instead() -> None:
    text = "Công an tỉnh Sơn La bắt đối tượng mua bán ma túy tại huyện Mộc Châu."
    article = Article(title="Sơn La: Bắt đối tượng ma túy", body=text, provinces=("toàn quốc",), topics=("Pháp luật",))
    assert (tag(article).provinces, tag(article).topics) == (("Sơn La",), ("ma-tuy",))
    assert unknown_tags(article) == ("toàn quốc", "Pháp luật")


def test_no_tags_at_all_say_that_there_are_none() -> None:
    article = Article(title="Ma túy ở Sơn La", body="Ma túy.", provinces=(), topics=())
    assert (tag(article).provinces, tag(article).topics) == ((), ())


def test_indexing_names_each_unknown_value_once_with_its_count(tmp_path: Path) -> None:
    rows = "\n".join(f"Tin {one},Nội dung {one},Toàn quốc,Thể thao" for one in range(3))
    (tmp_path / "tin.csv").write_text(f"Tiêu đề,Nội dung,Địa bàn,Chủ đề\n{rows}\n", "utf-8")
    result = CliRunner().invoke(
        with_commands(), ["index", str(tmp_path / "tin.csv"), "--index", str(tmp_path / "index")]
    )
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.output.splitlines() if "Toàn quốc" in line]
    assert "'Toàn quốc' 3" in line

"""How fast saved pages are read and indexed: `python -m benchmarks.sources [--pages N] [--folder PATH]`.

The pages are the layouts of tests/sources/pages with other invented text in them and, around it, as much of menus,
scripts and lists of other articles as pages of news sites have (some 70 KB each). Times are CPU seconds of one process,
which other work on the machine does not change, and wall seconds for the whole of `searcher index`.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import trafilatura

from searcher.indexing import index_paths
from searcher.sources import Item, read
from searcher.sources.charset import decode
from searcher.sources.metadata import collect
from searcher.sources.sites import rule_for
from searcher.sources.trees import parse

TEMPLATES = Path(__file__).resolve().parents[1] / "tests" / "sources" / "pages"
_TEXT = (
    "công an tỉnh giả định phát hiện bắt giữ đối tượng mua bán trái phép chất ma túy tổng hợp tại địa bàn xã vùng cao "
    "người dân tố giác cơ sở kinh doanh vi phạm mại dâm kiểm tra xử lý hành chính tuyên truyền phòng chống tệ nạn "
    "nạn nhân mua bán người được giải cứu trở về hỗ trợ tái hòa nhập cộng đồng xét nghiệm điều trị thuốc dự phòng"
)
_WORDS = _TEXT.split()


def _sentence(random_: random.Random, words: int) -> str:
    text = " ".join(random_.choice(_WORDS) for _word in range(words))
    return text[0].upper() + text[1:] + "."


def _chrome(random_: random.Random) -> tuple[str, str]:
    """Return what stands above and below the article: some 60 KB, of which half is scripts."""
    menu = "".join(
        f'<div class="menu-item"><ul class="sub-menu"><li class="it"><a href="/m/{n}" title="{_sentence(random_, 3)}">'
        f"{_sentence(random_, 3)}</a></li></ul></div>"
        for n in range(90)
    )
    script = "<script>" + "".join(f"var a{n}=function(e,t){{return e.push(t),{n}}};" for n in range(650)) + "</script>"
    teasers = "".join(
        f'<div class="story"><a class="thumb" href="/b/{n}"><img src="/{n}.jpg" alt=""></a><h3 class="story-heading">'
        f'<a href="/b/{n}">{_sentence(random_, 10)}</a></h3><p class="story-summary">{_sentence(random_, 18)}</p></div>'
        for n in range(60)
    )
    return f'<div class="menu">{menu}</div>{script}', f'<div class="xem-nhieu">{teasers}</div>'


def write_pages(folder: Path, count: int) -> None:
    """Write that many pages, each with text, title and address of its own."""
    expected: dict[str, dict[str, Any]] = json.loads((TEMPLATES / "expected.json").read_text(encoding="utf-8"))
    layouts = [(decode((TEMPLATES / name).read_bytes()), article) for name, article in expected.items()]
    for number in range(count):
        random_ = random.Random(number)
        text, article = layouts[number % len(layouts)]
        for old in (article["title"], article["lead"], *article["body"]):
            new = _sentence(random_, 12 if old == article["title"] else 30 if old == article["lead"] else 70)
            text = text.replace(html.escape(old), new).replace(old, new)
        if article["url"]:
            text = text.replace(html.escape(article["url"]), f"{article['url'].partition('?')[0]}-{number}.html")
        above, below = _chrome(random_)
        start = text.index(">", text.lower().index("<body")) + 1
        end = text.lower().rindex("</body>")
        page = text[:start] + above + text[start:end] + below + text[end:]
        (folder / f"{number:04}.html").write_text(page.replace("charset=unicode", "charset=utf-8"), encoding="utf-8")


def _cpu(work: Iterator[Any]) -> tuple[float, int]:
    start, count = time.process_time(), sum(1 for _one in work)
    return time.process_time() - start, count


def _by_rule(path: Path) -> bool:
    tree = parse(decode(path.read_bytes()))
    return bool(rule_for(collect(tree, "").url, tree).body)


def _others_way(paths: list[Path]) -> Iterator[object]:
    for path in paths:
        yield trafilatura.bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)


def _rounds(paths: list[Path], rounds: int) -> float:
    """Return pages a second of one core, the median of the rounds."""
    return statistics.median(
        count / seconds for seconds, count in (_cpu(iter(read(paths))) for _round in range(rounds))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="pages of your own instead")
    arguments = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary, "pages")
        if not arguments.folder:
            folder.mkdir()
            write_pages(folder, arguments.pages)
        paths = sorted(folder.iterdir())
        sizes = [path.stat().st_size for path in paths]
        print(
            f"{len(paths):,} pages, {statistics.median(sizes) / 1024:.0f} KB in the middle, {sum(sizes) / 1e6:.0f} MB\n"
        )
        read_well = sum(isinstance(found, Item) for found in read(paths))
        print(f"articles found                                   {read_well:,} of {len(paths):,}")
        known = [path for path in paths if _by_rule(path)]
        unknown = [path for path in paths if path not in set(known)]
        for name, some in (
            ("all", paths),
            ("whose site or system is known", known),
            ("the others, by trafilatura", unknown),
        ):
            if some:
                print(f"{name + f' ({len(some):,})':48} {_rounds(some, 3):6.0f} pages/s a core")
        seconds, count = _cpu(_others_way(paths[:200]))
        print(f"{'trafilatura as it comes, with metadata':48} {count / seconds:6.0f} pages/s a core")
        start, cpu = time.perf_counter(), os.times()
        summary = index_paths(Path(temporary, "index"), [folder])
        wall, done = time.perf_counter() - start, os.times()
        spent = sum(done[:4]) - sum(cpu[:4])
        print(f"\nsearcher index, extraction included, {os.cpu_count()} cores:")
        print(f"{'by the clock':48} {summary.articles / wall:6.0f} pages/s ({wall:.1f} s)")
        print(f"{'CPU time of all processes':48} {summary.articles / spent:6.0f} pages/s a core ({spent:.1f} s)")


if __name__ == "__main__":
    main()

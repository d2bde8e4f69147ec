"""An index of a few invented articles, of which some share no word with what is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searcher

ARTICLES = [
    ("benh-vien", "Ca mổ cứu sống bệnh nhân", "Ê kíp bệnh viện cấp cứu thành công bệnh nhân nguy kịch.", ""),
    ("ngan-hang", "Lãi suất tiền gửi tăng", "Nhiều ngân hàng nâng lãi suất huy động.", ""),
    ("bong-da", "Đội tuyển thắng hai bàn", "Tiền đạo ghi bàn trong trận chung kết.", ""),
    ("bao", "Bão vào bờ", "Mưa lớn gây lũ quét, sạt lở ở miền núi.", ""),
    ("ma-tuy", "Bắt xe chở heroin", "Công an thu giữ heroin trên xe khách.", "Ma túy được giấu trong hành lý."),
    ("mai-dam", "Triệt phá ổ mại dâm", "Công an bắt chủ nhà nghỉ môi giới mại dâm ở Vũng Tàu.", ""),
    ("hai-phong", "Bắt nhóm buôn ma túy ở Hải Phòng", "Công an Hải Phòng bắt năm người.", ""),
    ("buon-nguoi", "Phá đường dây mua bán người", "Các cô gái bị lừa bán sang Trung Quốc.", ""),
]
"""Id, title, lead, body."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("meaning")
    rows = [dict(zip(("id", "title", "lead", "body"), row, strict=True)) for row in ARTICLES]
    file = made / "articles.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    searcher.index_paths(made / "index", [file])
    return made / "index"


@pytest.fixture
def index(folder: Path) -> searcher.EmbeddedIndex:
    return searcher.EmbeddedIndex(folder)

"""Articles invented for these tests, as many as wanted, about the subjects of this index."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import searcher

SENTENCES = (
    "Công an tỉnh Sơn La vừa triệt phá một đường dây mua bán ma túy qua biên giới.",
    "Kế hoạch phòng chống mại dâm được triển khai ở các quán karaoke của thành phố.",
    "Người nghiện được điều trị bằng methadone tại trung tâm cai nghiện.",
    "Đối tượng khai nhận đã vận chuyển heroin từ Điện Biên về xuôi.",
    "Nạn nhân bị lừa bán sang nước ngoài đã được giải cứu và trở về với gia đình.",
)
TITLES = (
    "Triệt phá đường dây ma túy ở Sơn La",
    "Phòng chống mại dâm ở quán karaoke",
    "Điều trị methadone cho người nghiện",
    "Vận chuyển heroin qua biên giới",
    "Giải cứu nạn nhân bị lừa bán",
    "Mại dâm trá hình ở khách sạn",
    "Đường dây ma túy xuyên quốc gia",
)


def invented(count: int, start: int = 0) -> list[dict[str, Any]]:
    """Return so many articles; the same number always gives the same one."""
    return [
        {
            "id": f"bai-{number:03}",
            "title": f"{TITLES[number % len(TITLES)]}, vụ {number}",
            "body": " ".join(SENTENCES[at % len(SENTENCES)] for at in range(number, number + 2 + number % 3)),
            "published": f"{2018 + number % 4}-{1 + number % 12:02}-{1 + number % 28:02}T08:00:00+07:00",
            "provinces": ["Sơn La"] if number % 2 else ["Điện Biên", "Hà Nội"],
            "topics": [("ma-tuy", "mai-dam", "hiv-aids", "ma-tuy", "mua-ban-nguoi")[number % 5]],
        }
        for number in range(start, start + count)
    ]


def indexed(folder: Path, articles: Iterable[dict[str, Any]], name: str = "articles") -> Path:
    """Return the index in `folder` with the articles added, as one more commit."""
    file = folder.parent / f"{folder.name}-{name}.jsonl"
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    file.write_text("".join(lines), encoding="utf-8")
    searcher.index_paths(folder, [file])
    return folder

"""Mutations of files: of their bytes, of what their format is made of, and of what lies packed in them."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import warnings
import zipfile
import zlib
from random import Random
from typing import Final

import zstandard

MOST: Final = 6 * 1024 * 1024
"""Bytes that a mutated file may have, unpacked."""
_MOST_UNPACKED: Final = 4 * MOST
_MOST_MEMBERS: Final = 200
_DEPTH: Final = 3
_BROKEN: Final = (
    *(ValueError, OSError, EOFError, LookupError, RuntimeError, zlib.error),
    *(zstandard.ZstdError, zipfile.BadZipFile, tarfile.TarError),
)
_NUMBER: Final = re.compile(rb"\d+")
_NUMBERS: Final = (
    *(b"0", b"-1", b"1", b"00", b"255", b"256", b"65536", b"2147483647", b"2147483648", b"4294967296", b"1e999"),
    *(b"9223372036854775807", b"18446744073709551616", b"1" + b"0" * 30, b"9" * 5000, b"NaN", b"-0", b"0x10", b"1.5"),
    *("٣".encode(), "²".encode(), b"9999", b"0000"),
)
_TOKENS: Final[dict[str, tuple[bytes, ...]]] = {
    "markup": (
        *(b"<p>", b"</p>", b"<div>", b"</div>", b"<table><tr><td>", b"<!---->", b"<!--", b"-->", b"<![CDATA[", b"]]>"),
        *(b"<br>", b"<a href=x>", b"<b>", b"<span class='date'>", b"<time datetime='9999-12-31T23:59:59-23:59'>"),
        *(
            b"<script type='application/ld+json'>",
            b"</script>",
            b"<style>a{",
            b"<template>",
            b"<svg><p>",
            b"<noscript>",
        ),
        *(
            b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
            b"<?xml version='1.0' encoding='utf-7'?>",
            b"<meta charset=x-user-defined>",
        ),
        *(
            b"<meta charset=utf-16>",
            b"<base href='javascript:1'>",
            b"&#0;",
            b"&#xD800;",
            b"&#x110000;",
            b"&#27;",
            b"&a;",
        ),
        *(b"&amp;", b"<x:y xmlns:x='a'>", b" a=b", b" style='display:none'", b" hidden", b"\xef\xbb\xbf", b"<item>"),
        *(b"<pubDate>", b"<entry>", b"<w:p>", b"<w:r><w:t>", b"<w:tbl><w:tr><w:tc>", b"<w:gridSpan w:val='9999999'/>"),
        *(
            b"<c r='XFD1048576'>",
            b"<row r='999999999'>",
            b"<mergeCell ref='A1:A999999'/>",
            b"<text:s text:c='99999999'/>",
        ),
        *(
            b" table:number-columns-repeated='999999999'",
            b" table:number-rows-repeated='999999999'",
            b"<link rel=canonical>",
        ),
    ),
    "table": (b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"sep=", b"=1+1", b"\x00", b"'", b"\xff"),
    "json": (
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b":",
        b",",
        b"\\u0000",
        b"\\ud800",
        b"\\",
        b"null",
        b"true",
        b"{}",
        b'{"a":',
    ),
    "rtf": (
        *(b"{", b"}", b"\\", b"\\'", b"\\u-1?", b"\\u99999?", b"\\bin999999999 ", b"\\par", b"{\\*", b"\\v ", b"\\'ff"),
        *(
            b"\\ansicpg0",
            b"\\ansicpg99999",
            b"{\\fonttbl",
            b"\\f9",
            b"\\uc9999",
            b"\\uc-1",
            b"\\cell",
            b"\\row",
            b"{\\pict ",
        ),
    ),
    "pdf": (
        *(b"<<", b">>", b"[", b"]", b"(", b")", b"<", b">", b"/", b" 0 R", b"obj", b"endobj", b"stream", b"endstream"),
        *(b"/Kids [2 0 R]", b"/Parent 2 0 R", b"/Length 99999999", b"/Filter /FlateDecode", b"/Filter /ASCIIHexDecode"),
        *(
            b"/Filter [/LZWDecode /LZWDecode]",
            b"/ObjStm",
            b"/Prev 0",
            b"/Size 99999999",
            b"startxref",
            b"trailer",
            b"%",
        ),
        *(
            b"/Encrypt 1 0 R",
            b"beginbfrange <0000> <FFFFFFFF> <0000> endbfrange",
            b"/Contents 2 0 R",
            b"/Count 999999999",
        ),
        *(b" Tj", b" BT ", b" ET ", b"/DW 1e99", b"/W [0 999999999 1]", b"q ", b" Do", b"/XRef", b"/ToUnicode 2 0 R"),
    ),
    "mail": (
        *(
            b"\r\n",
            b"\r\n\r\n",
            b"--",
            b"------b",
            b";",
            b"=?utf-8?b?",
            b"?=",
            b"=?idna?q?x?=",
            b"=",
            b"boundary=",
            b'"',
        ),
        *(b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\r\n", b"Content-Type: "),
        *(
            b"Content-Transfer-Encoding: base64\r\n",
            b"Content-Transfer-Encoding: x-uuencode\r\n",
            b"charset=idna",
            b"*0*=",
        ),
        *(
            b"Date: Mon, 0 Jan 0000 99:99:99 +9999\r\n",
            b"Subject: \x1b]0;x\x07\r\n",
            b"filename=../../x",
            b"From: ",
            b"<",
        ),
    ),
    "web archive": (
        *(
            b"WARC/1.0\r\n",
            b"WARC/1.1\r\n",
            b"WARC-Type: response\r\n",
            b"Content-Length: 99999999999\r\n",
            b"\r\n\r\n",
        ),
        *(
            b"Content-Length: -1\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Content-Encoding: br\r\n",
            b"HTTP/1.1 200 OK\r\n",
        ),
        *(
            b"Content-Encoding: gzip\r\n",
            b"Content-Type: text/html; charset=unicode_escape\r\n",
            b"WARC-Date: x\r\n",
            b":",
        ),
        *(b"WARC-Target-URI: http://[\r\n", b"WARC-Target-URI: <javascript:1>\r\n", b"ffffffffffffffff\r\n", b"\r\n "),
    ),
    "text": (
        *(
            b"\n",
            b" ",
            b"\xc2\xa0",
            b"\xe2\x80\x8b",
            b"\xe2\x80\xae",
            b"\xef\xbb\xbf",
            b"\x1b[31m",
            b"\xc2\x9b",
            b"\x00",
        ),
        *(
            b"17/02/2020",
            "ngày 31 tháng 2 năm 0000".encode(),
            b"00/00/0000",
            b"- ",
            b"1. ",
            b"#",
            b"\xcc\x81",
            b"\xf3\xa0\x81\x81",
        ),
        *(
            "Số: 1/KH-UBND".encode(),
            "Nguồn: ".encode(),
            "KẾ HOẠCH".encode(),
            "Ảnh: ".encode(),
            b"---",
            b"```",
            b"![](",
            b"[](",
            b"\xff",
        ),
    ),
}
_ENDINGS: Final = {
    "markup": (".html", ".rss", ".atom", ".rdf", ".xml", ".docx", ".xlsx", ".odt", ".ods", ".mhtml"),
    "table": (".csv", ".tsv"),
    "json": (".json", ".jsonl"),
    "rtf": (".rtf",),
    "pdf": (".pdf",),
    "mail": (".eml", ".mhtml"),
    "web archive": (".warc",),
}
_NAMES: Final = (
    "",
    "/",
    ".",
    "..",
    "../x.html",
    "/etc/x",
    "C:\\x",
    "a" * 5000,
    "\x1b[31m.html",
    "\u202e.txt",
    "x",
    "con",
    "é.html",
)
_MEMBER_NAMES: Final = (
    "[Content_Types].xml",
    "mimetype",
    "word/document.xml",
    "META-INF/manifest.xml",
    "x.zip",
    "a.html",
)


def mutated(name: str, raw: bytes, random: Random, depth: int = 0) -> bytes:
    """Return the file with something in it changed; what is packed is most often unpacked for it, and packed again."""
    if depth < _DEPTH and random.random() < 0.85:
        try:
            again = _within(name, raw, random, depth)
        except _BROKEN:
            again = None
        if again is not None:
            return again
    for _change in range(random.choice((1, 1, 1, 2, 4, 16))):
        raw = _changed(name, raw, random)[:MOST]
    return raw


def wrapped(name: str, raw: bytes, random: Random) -> tuple[str, bytes]:
    """Return the file within an archive or a compression, and its name then."""
    times = min(random.choice((1, 2, 50)), max(1, MOST // (len(raw) + 1)))
    match random.randrange(4):
        case 0:
            return f"{name}.gz", gzip.compress(raw, 6)
        case 1:
            return f"{name}.zst", zstandard.compress(raw)
        case 2:
            return "a.zip", _zipped([(name, raw)] * times, random)
        case _:
            return "a.tar", _tarred([(tarfile.TarInfo(name), raw)] * times, random)


# --- what is packed --------------------------------------------------------------------------------------------------


def _within(name: str, raw: bytes, random: Random, depth: int) -> bytes | None:
    """Return the file with what is packed in it mutated; None where nothing is."""
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [(one.filename, archive.read(one)) for one in archive.infolist()[:_MOST_MEMBERS]]
        at = random.randrange(len(members))
        inner, content = members[at]
        members[at] = (inner, mutated(inner, content, random, depth + 1))
        return _zipped(members, random)
    if raw.startswith(b"\x1f\x8b"):
        return _gzipped(name, raw, random, depth)
    if raw.startswith(b"\x28\xb5\x2f\xfd"):
        content = zstandard.ZstdDecompressor().decompress(raw, max_output_size=_MOST_UNPACKED)
        return zstandard.compress(mutated(name.removesuffix(".zst"), content, random, depth + 1))
    if raw[257:262] == b"ustar" and random.random() < 0.7:
        with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
            held = [(one, tar.extractfile(one)) for one in tar.getmembers()[:_MOST_MEMBERS]]
            found = [(one, file.read() if file else b"") for one, file in held]
        at = random.randrange(len(found))
        member, content = found[at]
        found[at] = (member, mutated(member.name, content, random, depth + 1))
        return _tarred(found, random)
    return None


def _gzipped(name: str, raw: bytes, random: Random, depth: int) -> bytes:
    """Return a file of gzip members with one of them mutated."""
    members: list[bytes] = []
    while raw.startswith(b"\x1f\x8b") and len(members) < _MOST_MEMBERS:
        member = zlib.decompressobj(31)
        members.append(member.decompress(raw, _MOST_UNPACKED))
        raw = member.unused_data
    at = random.randrange(len(members))
    members[at] = mutated(name.removesuffix(".gz"), members[at], random, depth + 1)
    packed = [gzip.compress(one, 6) for one in members]
    if random.random() < 0.1:
        packed[at] = _changed("", packed[at], random)
    return b"".join(packed)


def _zipped(members: list[tuple[str, bytes]], random: Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name are meant
        for name, content in members:
            name = random.choice(_NAMES + _MEMBER_NAMES) if random.random() < 0.03 else name
            member = zipfile.ZipInfo(name or "x", (random.choice((1980, 2020, 2107)), 2, 17, 17, 5, 0))
            member.compress_type = random.choice((zipfile.ZIP_DEFLATED,) * 6 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
            archive.writestr(member, content)
    raw = file.getvalue()
    if random.random() < 0.1:  # sizes, flags and places in the directory
        at = raw.find(b"PK\x01\x02") + random.randrange(46)
        raw = raw[:at] + random.randbytes(random.choice((1, 2, 4))) + raw[at + 4 :]
    return raw


def _tarred(members: list[tuple[tarfile.TarInfo, bytes]], random: Random) -> bytes:
    file = io.BytesIO()
    with tarfile.open(
        fileobj=file, mode="w", format=random.choice((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)), errors="surrogateescape"
    ) as archive:
        for member, content in members:
            member.size = len(content)
            if random.random() < 0.05:
                member.name = random.choice(_NAMES) or "x"
            if random.random() < 0.05:
                member.pax_headers = {
                    random.choice(("size", "mtime", "path", "GNU.sparse.size", "x")): "9" * random.choice((1, 20, 400))
                }
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


# --- bytes and tokens ------------------------------------------------------------------------------------------------


def _changed(name: str, raw: bytes, random: Random) -> bytes:
    """Return the bytes with one change."""
    at = random.randrange(len(raw) + 1)
    end = min(len(raw), at + random.choice((1, 2, 8, 64, 512, len(raw))))
    match random.randrange(10):
        case 0:
            flipped = bytearray(raw)
            for place in random.choices(range(len(raw)), k=random.choice((1, 1, 8, 64))) if raw else ():
                flipped[place] ^= 1 << random.randrange(8)
            return bytes(flipped)
        case 1:
            return raw[:at] + raw[end:]
        case 2:
            return raw[:at]
        case 3:
            return raw[:end] + raw[at:end] * random.choice((1, 1, 10)) + raw[end:]
        case 4 if numbers := list(_NUMBER.finditer(raw)):
            number = random.choice(numbers)
            return raw[: number.start()] + random.choice(_NUMBERS) + raw[number.end() :]
        case 5:
            other = random.randrange(len(raw) + 1)
            return raw[:at] + raw[other : other + random.choice((4, 64, 1024))] + raw[at:]
        case 6 | 7:
            return raw[:at] + random.choice(_tokens(name, random)) + raw[end if random.random() < 0.3 else at :]
        case 8:
            pumped = b"".join(random.choices(_tokens(name, random), k=random.choice((1, 1, 2, 3))))
            return raw[:at] + _pump(pumped, random) + raw[at:]
        case _:
            return raw[:at] + _pump(raw[at : at + random.choice((1, 3, 20, 200))], random) + raw[at:]


def _pump(piece: bytes, random: Random) -> bytes:
    times = random.choice((2, 40, 40, 40, 1000, 1000, 20_000, 300_000))
    return piece * min(times, MOST // max(1, len(piece)) // 2)


def _tokens(name: str, random: Random) -> tuple[bytes, ...]:
    kinds = [kind for kind, endings in _ENDINGS.items() if any(ending in name for ending in endings)]
    if not kinds or random.random() < 0.2:
        kinds = list(_TOKENS)
    return _TOKENS[random.choice(kinds)]

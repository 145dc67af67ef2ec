"""Changing bytes the way disks, editors, transfers and wrong exports do, and at random."""

import io
import random
import zipfile
from collections.abc import Callable

# What breaks readers: separators, quotes, line ends, marks, other encodings' letters, formulas, long and odd numbers.
TOKENS = (
    b",", b";", b"\t", b"|", b'"', b'""', b"'", b"\r\n", b"\n", b"\r", b"\r\r\n", b"\x00", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xfe\xff",
    b"\x80", b"\x93", b"\xa4", b"\xc3\xa9", b"\xe9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xa8", b"\x0b", b"\x0c",
    b"\x1c", b"\xc2\x85", b"\xc2\xa0", b"=cmd|' /C calc'!A0", b"+1", b"-1", b"@SUM(1)", b"1.1E+08",
    b"1e999", b"NaN", b"inf", b"-0", b"0x10",
    b"NULL", b"N/A", b"31/02/2016", b"29/02/1900", b"00/00/0000", b"2016-02-29", b"41153", b"99999999999999999999", b"Total",
    b"<!DOCTYPE x>", b"&amp;", b"&#0;", b"child_ref", b"sex,sex", b" " * 200,
    b"A" * 5000, "ﬁ".encode(), "І".encode(), "\u202e".encode(),
)  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to six changes, each at a place of its own."""
    for _ in range(rng.randint(1, 6)):
        data = rng.choice(_MUTATIONS)(data, rng)
    return data


def mutated_members(data: bytes, rng: random.Random) -> bytes:
    """A ZIP whose members' contents are changed and packed again: the container stays whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        hit = set(rng.sample(names, k=min(len(names), rng.randint(1, 2))))
        for name in names:
            content = source.read(name)
            if name in hit and rng.random() < 0.1:
                continue
            target.writestr(name, mutated(content, rng) if name in hit else content)
    return out.getvalue()


def _place(data: bytes, rng: random.Random) -> int:
    return rng.randint(0, len(data))


def _flip(data: bytes, rng: random.Random) -> bytes:
    if not data:
        return data
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :]


def _insert(data: bytes, rng: random.Random) -> bytes:
    place = _place(data, rng)
    return data[:place] + rng.choice(TOKENS) + data[place:]


def _replace(data: bytes, rng: random.Random) -> bytes:
    place = _place(data, rng)
    token = rng.choice(TOKENS)
    return data[:place] + token + data[place + len(token) :]


def _cut_end(data: bytes, rng: random.Random) -> bytes:
    return data[: _place(data, rng)]


def _cut_start(data: bytes, rng: random.Random) -> bytes:
    return data[min(_place(data, rng), 400) :]


def _drop(data: bytes, rng: random.Random) -> bytes:
    place = _place(data, rng)
    return data[:place] + data[place + rng.randint(1, 80) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = _place(data, rng)
    piece = data[start : start + rng.randint(1, 300)]
    place = _place(data, rng)
    return data[:place] + piece * rng.randint(1, 5) + data[place:]


def _noise(data: bytes, rng: random.Random) -> bytes:
    place = _place(data, rng)
    return data[:place] + rng.randbytes(rng.randint(1, 40)) + data[place:]


def _swap_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _other_line_ends(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b"\r\n", rng.choice((b"\n", b"\r", b"\r\r\n", b"\x85", b"\n\n")))


def _other_delimiter(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b",", rng.choice((b";", b"\t", b"|", b" ", b",,")))


def _double(data: bytes, rng: random.Random) -> bytes:
    return data + data[rng.choice((0, len(data) // 2)) :]


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _flip, _insert, _insert, _insert, _replace, _replace, _replace, _cut_end, _cut_start, _drop, _repeat, _noise,
    _swap_lines, _other_line_ends, _other_delimiter, _double,
)  # fmt: skip

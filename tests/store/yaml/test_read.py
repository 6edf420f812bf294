"""Reading one YAML file: everything is text, every mistake is a finding with its exact place, nothing raises."""

from __future__ import annotations

import gc
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.findings.finding import Span
from fujin_cli.store.yaml import read as reader
from fujin_cli.store.yaml.limits import FORBIDDEN
from fujin_cli.store.yaml.read import Source, parser_name, read_yaml
from tests.support.paths import ROOT

WORKFLOWS = ROOT / "workflows"
SHIPPED = sorted(WORKFLOWS.rglob("*.yaml"))


def read(text: str) -> Source:
    return read_yaml(text.encode(), "a.yaml")


def found(source: Source) -> list[tuple[str, int, int, int, int]]:
    spans = [(finding.code, finding.place.span) for finding in source.findings]
    return [(code, span.line, span.column, span.end_line, span.end_column) for code, span in spans if span]


def test_every_scalar_is_text_as_written() -> None:
    source = read("a: 0454\nb: on\nc: 8:30\nd: 1e3\ne: 2027-01-01\nf: '~'\ng: yes\nh: 12.50\n")
    assert source.findings == []
    assert source.tree == {
        "a": "0454",
        "b": "on",
        "c": "8:30",
        "d": "1e3",
        "e": "2027-01-01",
        "f": "~",
        "g": "yes",
        "h": "12.50",
    }


def test_nothing_and_the_words_for_nothing_are_none() -> None:
    assert read("a:\nb: null\nc: ~\nd: [x, null]\n").tree == {"a": None, "b": None, "c": None, "d": ["x", None]}


def test_an_empty_file_has_no_tree_and_no_finding_here() -> None:
    for text in ("", "\n\n", "# only a remark\n"):
        source = read(text)
        assert (source.tree, source.root_node, source.findings, source.head) == (None, None, [], None)


def test_the_parser_in_c_is_the_one_that_runs() -> None:
    assert parser_name() == "C"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(WORKFLOWS)))
def test_shipped_files_have_nothing_to_find(path: Path) -> None:
    source = read_yaml(path.read_bytes(), path.name)
    assert source.findings == []
    assert isinstance(source.tree, dict)


def test_both_parsers_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [path.read_bytes() for path in SHIPPED[:8]] + [b"a: |\n  x\nb: &x {c: d}\ne: *x\n"]
    trees = [read_yaml(text, "a").tree for text in texts]
    monkeypatch.setattr(reader, "_parse_events", reader._parse_events_in_python)
    sources = [read_yaml(text, "a") for text in texts]
    assert [source.tree for source in sources] == trees
    assert all(source.findings == [] for source in sources)


# Duplicate keys and what else is refused


def test_a_duplicate_key_stands_at_the_second_one_and_tells_where_the_first_is() -> None:
    source = read("名字: 一\n“双”: {甲: 1, 甲: 2}\n名字: 二\n")
    assert found(source) == [("FJ002", 2, 13, 2, 14), ("FJ002", 3, 1, 3, 3)]
    assert [finding.related[0].place.span for finding in source.findings] == [Span(2, 7, 2, 8), Span(1, 1, 1, 3)]
    assert source.tree == {"名字": "一", "“双”": {"甲": "1"}}


def test_quoted_and_plain_forms_of_one_key_are_duplicates() -> None:
    assert found(read("a: 1\n'a': 2\n")) == [("FJ002", 2, 1, 2, 4)]


def test_one_mistake_does_not_hide_another() -> None:
    text = "a: 1\na: 2\nb: !!python/object:os.system x\n<<: {c: d}\n? [x]\n: y\nc: *nobody\nd: [\n"
    codes = [finding.code for finding in read(text).findings]
    assert codes == ["FJ002", "FJ006", "FJ006", "FJ006", "FJ006", "FJ001"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: !!str x\n", ("FJ006", 1, 4, 1, 11)),
        ("a: ! x\n", ("FJ006", 1, 4, 1, 7)),
        ("a: !mine [x]\n", ("FJ006", 1, 4, 1, 11)),
        ("a:\n  <<: {b: c}\n  d: e\n", ("FJ006", 2, 3, 2, 5)),
        ("? {a: b}\n: c\n", ("FJ006", 1, 3, 1, 4)),
        ("a: b\n?\n: c\n", ("FJ006", 2, 2, 2, 2)),
        ("a: b\n---\nc: d\n", ("FJ006", 2, 1, 2, 4)),
        ("a: &x [b, *x]\n", ("FJ006", 1, 11, 1, 13)),
        ("a: *x\n", ("FJ006", 1, 4, 1, 6)),
    ],
)
def test_what_is_refused_stands_where_it_is(text: str, place: tuple[str, int, int, int, int]) -> None:
    assert found(read(text)) == [place]


def test_a_refused_part_does_not_take_the_rest_along() -> None:
    assert read("a: !x b\n<<: {c: d}\ne: f\n").tree == {"a": "b", "e": "f"}
    assert read("a: b\n---\nc: d\n").tree == {"a": "b"}


def test_an_alias_is_read_as_what_it_stands_for() -> None:
    source = read("a: &x {b: [c]}\nd: *x\ne: &y f\ng: *y\n")
    assert source.tree == {"a": {"b": ["c"]}, "d": {"b": ["c"]}, "e": "f", "g": "f"}
    assert source.tree["a"] is not source.tree["d"]


# Hostile files


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000,
        "{a: " * 30_000,
        "a: " + "[" * 30_000 + "]" * 30_000,
        "- " * 30_000,
        "? " * 30_000,
        "? - " * 30_000,
        "[? " * 30_000,
        "".join(" " * depth + "a:\n" for depth in range(1500)),
        "".join(" " * depth + "-\n" for depth in range(1500)),
    ],
    ids=lambda text: text[:12],
)
def test_deep_nesting_is_a_finding(text: str) -> None:
    source = read(text)
    assert [finding.code for finding in source.findings] == ["FJ006"]
    assert source.tree is None


def test_nesting_as_deep_as_the_bound_is_read() -> None:
    assert read("[" * 64 + "]" * 64).findings == []
    assert found(read("[" * 65 + "]" * 65)) == [("FJ006", 1, 65, 1, 66)]


def test_aliases_that_multiply_are_stopped() -> None:
    lines = ["a0: &a0 [lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    source = read("\n".join(lines))
    assert [finding.code for finding in source.findings] == ["FJ006"]
    assert source.tree is None


def test_aliases_do_not_nest_beyond_the_bound() -> None:
    lines = ["a0: &a0 x"] + [f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 10)]
    assert [finding.code for finding in read("\n".join(lines)).findings] == ["FJ006"]


def test_a_long_text_is_not_multiplied_either() -> None:
    source = read("a: &a " + "x" * 300_000 + "\nb: [*a, *a, *a, *a, *a]\n")
    assert [finding.code for finding in source.findings] == ["FJ006"]


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    assert found(read("a: b\n" + "#" * (2 * 1024 * 1024))) == [("FJ006", 1, 1, 1, 1)]


@pytest.mark.slow
def test_a_file_of_very_many_values_is_stopped() -> None:
    assert [finding.code for finding in read("[" + "a," * 400_000 + "]").findings] == ["FJ006"]


# Characters


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff\xfea\x00:\x00", ("FJ007", 1, 1, 1, 1)),
        (b"\xfe\xff\x00a", ("FJ007", 1, 1, 1, 1)),
        (b"a\x00: b", ("FJ007", 1, 1, 1, 1)),
        ("a: b\n标题: ".encode() + "富锦".encode("gbk"), ("FJ007", 2, 5, 2, 6)),
        (b"\xef\xbb\xbfa: \xff", ("FJ007", 1, 4, 1, 5)),
        ("好: 好\n话: 好\x07".encode(), ("FJ007", 2, 5, 2, 6)),
        ("a: b\u2028c".encode(), ("FJ007", 1, 5, 1, 6)),
        ("a: b\u202ec".encode(), ("FJ007", 1, 5, 1, 6)),
        (b"a: b\r\nc: \x1b[31m", ("FJ007", 2, 4, 2, 5)),
        (b'a: "x\\e[31m"\n', ("FJ007", 1, 4, 1, 13)),
        (b'a: "\\0"\n', ("FJ007", 1, 4, 1, 8)),
    ],
)
def test_what_is_not_text_is_found_where_it_stands(data: bytes, place: tuple[str, int, int, int, int]) -> None:
    assert found(read_yaml(data, "a.yaml")) == [place]


INVISIBLE = (0xAD, 0x34F, 0x61C, 0x115F, 0x17B4, 0x180E, 0x200B, 0x200D, 0x2060, 0x2065, 0x206A, 0x3164, 0xFE0F, 0xFFA0)
INVISIBLE += (0xFFF8, 0x1BCA0, 0x1D173, 0xE0001, 0xE0041, 0xE0100, 0xE0FFF)


@pytest.mark.parametrize("code", INVISIBLE, ids=hex)
def test_every_character_that_no_font_shows_is_found(code: int) -> None:
    """Also those that Unicode reserves for the future; as an escape, too."""
    assert found(read(f"a: x{chr(code)}y\n")) == [("FJ007", 1, 5, 1, 6)]
    assert [finding.code for finding in read(f'a: "x\\U{code:08x}"\n').findings] == ["FJ007"]


def test_format_characters_are_found_by_property_and_not_by_a_list() -> None:
    """Python's table of categories agrees: what is a format character (Cf) and not visible is invisible."""
    visible = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xFFF9, 0xFFFA, 0xFFFB}
    visible |= {0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    formats = {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"}
    assert {code for code in formats if not FORBIDDEN.match(chr(code))} <= visible


@pytest.mark.parametrize("text", ["好", "é", "e\u0301", "\u3000", "ｅ", "😀", "안", "ا"])
def test_letters_marks_and_blanks_are_text(text: str) -> None:
    assert found(read(f"a: x{text}y\n")) == []


def test_a_gbk_file_is_named_as_such() -> None:
    [finding] = read_yaml("a: b\n标题: 富锦".encode("gb18030"), "a.yaml").findings
    assert str(finding.message) == "from here on the file is not UTF-8; it is GB18030 (GBK)"
    assert "iconv" in str(finding.help)


@pytest.mark.parametrize("text", ["a: b\ntopics：\n  water: x\n", "a: b\nnote：x\n", "a: b\n- 标题：x\n"])
def test_a_full_width_colon_is_named(text: str) -> None:
    [finding] = read(text).findings
    assert (finding.code, "Chinese input method" in str(finding.help)) == ("FJ001", True)


CONFLICT = """\
a: 1
<<<<<<< HEAD
b: 2
=======
b: 3
>>>>>>> branch
c: 4
"""


def test_a_git_conflict_is_named_once_and_hides_what_the_parser_says() -> None:
    source = read(CONFLICT)
    assert found(source) == [("FJ001", 2, 1, 2, 13)]
    assert str(source.findings[0].message).startswith("a git conflict marker")
    assert source.tree is None and source.head == ("a", "1")
    assert len(read(CONFLICT + CONFLICT).findings) == 2
    assert found(read(CONFLICT.replace("=======", "||||||| base\nb: 0\n======="))) == [("FJ001", 2, 1, 2, 13)]
    assert found(read(CONFLICT.replace("<<<<<<< HEAD\n", ""))) == [("FJ001", 5, 1, 5, 15)]
    assert found(read(CONFLICT.replace("\n", "\r\n"))) == [("FJ001", 2, 1, 2, 13)]


def test_what_only_looks_like_a_conflict_is_text() -> None:
    assert found(read("a: |\n  <<<<<<< HEAD\n  =======\nb: '<<<<<<<'\n")) == []


def test_full_width_digits_and_separators_of_values_are_read_as_ascii() -> None:
    source = read("within: ２ working days\nhours: ０８：３０－１１：３０\ntitle: １号楼：东门\n２０２７: x\n")
    assert source.tree == {"within": "2 working days", "hours": "08:30-11:30", "title": "１号楼：东门", "2027": "x"}


def test_the_line_that_is_not_utf8_can_be_shown() -> None:
    source = read_yaml("a: b\n标题: ".encode() + b"\xb8\xbb", "a.yaml")
    assert source.tree is None
    assert source.lines[1].startswith("标题: ")


def test_forbidden_characters_do_not_hide_other_mistakes() -> None:
    assert found(read("a: \x07\nb: c\nb: d\n")) == [("FJ007", 1, 4, 1, 5), ("FJ002", 3, 1, 3, 2)]


def test_a_utf8_byte_order_mark_is_passed_over() -> None:
    source = read_yaml(b"\xef\xbb\xbfa: 1\na: 2\n", "a.yaml")
    assert source.tree == {"a": "1"}
    assert found(source) == [("FJ002", 2, 1, 2, 2)]


# Syntax


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b: c\n", ("FJ001", 1, 5, 1, 6)),
        ("a: [b, c\nd: e\n", ("FJ001", 1, 4, 1, 5)),
        ("a: {b: c\nd: e\n", ("FJ001", 1, 4, 1, 5)),
        ('a: "b\n', ("FJ001", 1, 4, 1, 5)),
        ("a:\n  b: c\n d: e\n", ("FJ001", 3, 2, 3, 3)),
        ("a: @b\n", ("FJ001", 1, 4, 1, 5)),
        ("a: b\n\tc: d\n", ("FJ001", 2, 1, 2, 2)),
        ("好: {时: 8:30}\n", ("FJ001", 1, 9, 1, 10)),
    ],
)
def test_syntax_errors_stand_where_they_are(text: str, place: tuple[str, int, int, int, int]) -> None:
    source = read(text)
    assert found(source) == [place]
    assert source.tree is None
    assert source.findings[0].help is not None


def test_a_broken_file_is_still_known_by_its_head() -> None:
    assert read("procedure: resident-request\nsteps: [\n").head == ("procedure", "resident-request")
    assert read("partners: {a: {b: [\n").head == ("partners", "")
    assert read("[a, [\n").head is None


# Whatever is thrown at it

SNIPPETS = st.sampled_from(
    [
        "a: b",
        "- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&x ",
        "*x",
        "!t ",
        "<<: ",
        "|\n",
        "> ",
        '"',
        "'",
        "\n",
        "  ",
        "\t",
        "#",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        ": ",
        "\r\n",
        "中",
        "😀",
        "\x07",
        "\u2028",
        "\\u",
        "!%ed%a0%80 ",
        "\ufeff",
        "null",
        "~",
    ]
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(SNIPPETS | st.text(max_size=3), max_size=40).map("".join))
def test_no_text_makes_it_raise(text: str) -> None:
    for events in (reader._parse_events, reader._parse_events_in_python):
        original, reader._parse_events = reader._parse_events, events
        try:
            check_is_sound(read_yaml(text.encode("utf-8", "surrogatepass"), "a.yaml"))
        finally:
            reader._parse_events = original


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    check_is_sound(read_yaml(data, "a.yaml"))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_change_to_a_real_file_makes_it_raise(data: st.DataObject) -> None:
    text = SHIPPED[data.draw(st.integers(0, len(SHIPPED) - 1))].read_text()
    at = data.draw(st.integers(0, len(text)))
    check_is_sound(read(text[:at] + data.draw(SNIPPETS) + text[at + data.draw(st.integers(0, 20)) :]))


def check_is_sound(source: Source) -> None:
    for finding in source.findings:
        span = finding.place.span
        assert span is not None
        assert str(finding.message)
        assert 1 <= span.line <= span.end_line <= len(source.lines) + 1
        assert (span.line, span.column) <= (span.end_line, span.end_column)


@pytest.mark.slow
def test_twelve_thousand_lines_are_read() -> None:
    lines = (WORKFLOWS / "procedures" / "resident-request.yaml").read_text().splitlines()
    text = "x:\n" + "".join(f"  r{copy}:\n" + "".join(f"    {line}\n" for line in lines) for copy in range(30))
    gc.collect()
    assert read(text).findings == []

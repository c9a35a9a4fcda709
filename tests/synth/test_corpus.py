import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synth.characters import levels
from synth.corpus import LENGTHS, CorpusError, balanced, bundled, read, usable

EN, ZH = "The ferry leaves at nine. Nobody was late today.", "渡船九点出发。今天没有人迟到。"
SENTENCES = {
    "en": ("The ferry leaves at nine.", "Nobody was late today."),
    "zh": ("渡船九点出发。", "今天没有人迟到。"),
}


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_reads_all_three_kinds_alike(tmp_path):
    text = written(tmp_path / "a.txt", f"{EN}\n\n{ZH}\n")
    lines = written(tmp_path / "a.jsonl", "".join(json.dumps({"text": each}) + "\n" for each in (EN, ZH)))
    table = parquet(tmp_path / "a.parquet", text=[EN, None, ZH], other=[1, 2, 3])
    assert read([text]).sentences == read([lines]).sentences == read([table]).sentences == SENTENCES


def test_paragraphs_are_blocks_where_there_are_blank_lines_else_lines(tmp_path):
    wrapped = written(
        tmp_path / "wrapped.txt",
        "The ferry leaves\nat nine. Nobody\nwas late today.\n\n渡船九点\n出发。今天没有人\n迟到。\n",
    )
    assert read([wrapped]).sentences == SENTENCES
    assert read([written(tmp_path / "lines.txt", f"\ufeff{EN}\r\n{ZH}")]).sentences == SENTENCES


def test_a_file_of_words_is_a_list_of_words_and_prose_is_none(tmp_path):
    words = written(tmp_path / "words.txt", "MOON\n猫\nIce cream\n春天\nMOON\nCAT\n")
    assert read([words]).words == {"en": ("CAT", "MOON", "Ice cream"), "zh": ("猫", "春天")}
    prose = written(tmp_path / "prose.txt", f"Chapter\n{EN}\n")
    assert read([prose, words]).words["en"] == ("CAT", "MOON", "Ice cream")
    assert read([prose]).words == {"en": (), "zh": ()}
    with pytest.raises(CorpusError, match="no list of words"):
        read([written(tmp_path / "long.txt", "a heading that is by far too long for a sign\n")])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "no usable"),
        ("blank.txt", b" \n\n ", "no usable"),
        ("numbers.txt", b"1 2 3\n4 5 6\n", "no usable"),
        ("latin.txt", "Café au lait, s'il vous plaît.".encode("latin-1"), "not UTF-8"),
        ("bad.jsonl", b'{"text": "x"}\n{"tex', "line 2 is no JSON object"),
        ("other.jsonl", b'{"body": "x"}\n', "line 1 is no JSON object"),
        ("broken.parquet", b"PAR1 nothing", "cannot be read"),
        ("page.pdf", b"%PDF", "a corpus is a .txt, .jsonl, .parquet file"),
    ],
)
def test_a_bad_corpus_is_one_clear_line(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=says) as caught:
        read([tmp_path / name])
    assert str(caught.value).startswith(str(tmp_path / name))
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_half_a_character_costs_its_sentence_only(tmp_path):
    line = b'{"text": "Half of a pair, \\ud83d, is not a character. The next sentence is whole again."}\n'
    (tmp_path / "half.jsonl").write_bytes(line)
    assert read([tmp_path / "half.jsonl"]).sentences["en"] == ("The next sentence is whole again.",)


def test_missing_files_folders_and_columns_are_told(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        read([tmp_path / "none.txt"])
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(CorpusError, match="cannot be read"):
        read([tmp_path / "folder.txt"])
    with pytest.raises(CorpusError, match="no column text"):
        read([parquet(tmp_path / "a.parquet", body=[EN])])


def numbered(count):
    return [f"Paragraph number {number} is here. It has a second sentence, {number}." for number in range(count)]


def test_a_large_corpus_is_sampled_the_same_way_whatever_its_order(tmp_path):
    lines = numbered(400)
    first = read([written(tmp_path / "a.txt", "\n".join(lines))], most=100).sentences["en"]
    second = read([written(tmp_path / "b.txt", "\n".join(reversed(lines)))], most=100).sentences["en"]
    assert len(first) == 100
    assert set(first) == set(second)
    assert first != second  # each keeps the order of its own text
    assert [text.startswith("Paragraph") for text in first] == [True, False] * 50  # paragraphs are whole


def test_repeated_paragraphs_count_once(tmp_path):
    assert read([written(tmp_path / "a.txt", "\n".join([EN] * 50))]).sentences["en"] == SENTENCES["en"]


def test_memory_does_not_grow_with_the_corpus(tmp_path):
    def peak(count):
        path = written(tmp_path / f"{count}.txt", "\n".join(numbered(count)))
        tracemalloc.start()
        read([path], most=100)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(10)  # caches of the first use
    assert peak(8000) < 1.2 * peak(2000)


def test_speeches_stay_whole_and_halves_are_left_out():
    assert usable("她说：“好。我去。”然后走了很远。“没有完。", "zh") == ("她说：“好。我去。”", "然后走了很远。")
    assert usable("An unfinished sentence without an end", "en") == ()
    assert balanced("（他）“说”《书》")
    assert not balanced("“他说")
    assert not balanced('one " mark')


def test_the_bundled_corpus_is_clean():
    sentences = read(bundled()).sentences
    assert len(sentences["en"]) > 2500
    assert len(sentences["zh"]) > 20_000
    for name, texts in sentences.items():
        assert all(LENGTHS[name][0] <= len(text) <= LENGTHS[name][1] for text in texts)
    han = {character for text in sentences["zh"] for character in text if "\u3400" <= character <= "\u9fff"}
    assert han <= levels().keys()
    assert sum(it in han for it in list(levels())[:3500]) == 3500  # natural sentences for all of level 1

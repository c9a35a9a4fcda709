from pypinyin_dict.pinyin_data import kmandarin_8105

from synth.characters import LEVELS, levels, standard


def test_is_the_set_that_another_source_has():
    assert set(standard()) == set(map(chr, kmandarin_8105.pinyin_dict))
    assert len(standard()) == len(set(standard())) == 8105


def test_levels_have_the_published_sizes_and_bounds():
    counts = [list(levels().values()).count(level) for level in (1, 2, 3)]
    assert tuple(counts) == LEVELS
    # first and last characters of each level as printed: numbers 1, 3500, 3501, 6500, 6501, 8105
    assert [levels()[it] for it in "一矗乂齉亍蠼"] == [1, 1, 2, 2, 3, 3]
    assert [standard()[number - 1] for number in (1, 3500, 3501, 6500, 6501, 8105)] == list("一矗乂齉亍蠼")


def test_other_characters_are_not_in_it():
    assert not {"龍", "A", "。"} & levels().keys()

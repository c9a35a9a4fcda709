"""Which language a line of text is in: by its script, and within the Latin script by its letters.

Latin script goes to py3langid (BSD; a naive Bayes classifier over byte n-grams after Lui and Baldwin, ACL 2012 demo
papers, "langid.py"), restricted to LATIN, which gives calibrated probabilities. One word is often too little for it
("Transactions", "Exit"): a line that it is not sure of takes the language of all the Latin lines together, if that
is certain, and is `und` otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LATIN = (
    *("cs", "da", "de", "en", "es", "fi", "fr", "hu", "id", "it"),
    *("la", "nl", "no", "pl", "pt", "ro", "sv", "tr", "vi"),
)
"""The languages in Latin script that are told apart."""

UNKNOWN = "und"

SURE = 0.5
"""Probability from which a line's own language is believed."""

ENOUGH = 6
"""Letters from which a line is asked for a language of its own: "GG" and "IX" are of none."""

SURE_OF_ALL = 0.9
"""Probability from which the language of all lines together is believed for a line."""

SCRIPTS = {
    "ja": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]"),
    "ko": re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]"),
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "Latn": re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"),
}
"""Letters of a script, by its commonest language. Cyrillic counts as Russian, Arabic script as Arabic."""

DENSE = ("ja", "ko", "zh")
LETTERS_A_WORD = 4
"""What a character of a DENSE script weighs against a letter: most are a syllable, many a word."""

KANA_SHARE = 0.1
"""Share of kana among kana and Han characters from which they are Japanese; running Japanese has about half."""


def languages(texts: Sequence[str]) -> tuple[str, ...]:
    """The BCP-47 language of each line of text that one image shows, `und` where it is unknown.

    `zh`, `ja`, `ko`, `ru` and `ar` by script, the languages LATIN by their letters. In a mixed line the script with
    more text decides, so that "Metropolis 主题的魔改" is Chinese. Lines of Han characters alone are Japanese next to
    lines with kana.
    """
    scripts = [script(text) for text in texts]
    han = "ja" if _has_kana("".join(texts)) else "zh"
    common = _common([text for text, found in zip(texts, scripts, strict=True) if found == "Latn"])
    return tuple(_language(text, found, han, common) for text, found in zip(texts, scripts, strict=True))


def script(text: str) -> str | None:
    """The key of SCRIPTS that most of `text` is in, None without letters."""
    weights = {name: len(letters.findall(text)) for name, letters in SCRIPTS.items()}
    kana, han = weights["ja"], weights["zh"]
    weights["ja"], weights["zh"] = (kana + han, 0) if _has_kana(text) else (0, han)
    for name in DENSE:
        weights[name] *= LETTERS_A_WORD
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] else None


def _has_kana(text: str) -> bool:
    kana, han = len(SCRIPTS["ja"].findall(text)), len(SCRIPTS["zh"].findall(text))
    return kana > 0 and kana >= KANA_SHARE * (kana + han)


def _language(text: str, found: str | None, han: str, common: str) -> str:
    if found == "Latn":
        code, probability = latin(text) if len(SCRIPTS["Latn"].findall(text)) >= ENOUGH else (UNKNOWN, 0.0)
        return code if probability >= SURE else common
    return han if found == "zh" else found or UNKNOWN


def _common(texts: list[str]) -> str:
    code, probability = latin(" ".join(texts)) if texts else (UNKNOWN, 0.0)
    return code if probability >= SURE_OF_ALL else UNKNOWN


def latin(text: str) -> tuple[str, float]:
    """The likeliest of the languages LATIN and its probability, 0..1."""
    code, probability = identifier().classify(text.lower())
    return str(code), float(probability)


@cache
def identifier() -> LanguageIdentifier:
    """The process's one classifier: 0.7 s to load, 80 MB, then 0.03 ms a line."""
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(LATIN)
    return found

"""Makes fixtures/text/*.json: what Python's `re`, `str.lower`, `unicodedata` and scikit-learn's text
vectorisers answer, for the tests of packages/core/src/text.

    PYTHON oracle/make_text.py [folder]

PYTHON is a Python 3.11 (Unicode 14; another one answers otherwise for newer characters) with
scikit-learn 1.9. Everything random has a fixed seed.
"""

import hashlib
import json
import random
import re
import signal
import sys
import unicodedata
import warnings
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import (
    ENGLISH_STOP_WORDS,
    CountVectorizer,
    HashingVectorizer,
    strip_accents_ascii,
    strip_accents_unicode,
)
from sklearn.utils import murmurhash3_32

warnings.simplefilter("ignore")

BLOCK = 4096
POINTS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def digest(texts) -> str:
    """SHA-256 of texts in UTF-8, each followed by a zero byte."""
    total = hashlib.sha256()
    for text in texts:
        total.update(text.encode("utf-8") + b"\0")
    return total.hexdigest()


def blocks(before: str, after: str):
    """Every code point between two contexts, 4096 to a text."""
    for i in range(0, len(POINTS), BLOCK):
        yield "".join(before + c + after for c in POINTS[i : i + BLOCK])


def unicode_fixture():
    """Digests over all code points but surrogates."""
    contexts = [("", " "), ("", "Σ "), (" a", "Σ"), (" aΣ", "b")]
    accents = [("", "\u0323\u0301\u0334 "), ("\u0345", "\u0334 ")]
    classes = [r"\w", r"\d", r"\s", r"\W", r"(?a)\w", r"(?a)\s", r"(?i)[a-zß-öſ]", r"(?i)[Α-Ω]", r"(?i)[^k]", r"(?i)\u0345",
               r"(?i)[\U00010400-\U0001044f]", r"(?i)[\u2c00-\U00010410]", r"(?i)\U00010400", r"(?i)[x\U00010400]", r"(?i)s", r"(?ia)[k-s]"]
    return {
        "lower": [[a, b, digest(t.lower() for t in blocks(a, b))] for a, b in contexts],
        "nfkd": [[a, b, digest(unicodedata.normalize("NFKD", t) for t in blocks(a, b))] for a, b in accents],
        "unicode": [[a, b, digest(strip_accents_unicode(t) for t in blocks(a, b))] for a, b in accents],
        "ascii": [[a, b, digest(strip_accents_ascii(t) for t in blocks(a, b))] for a, b in accents],
        "classes": [[p, digest("".join(re.findall(p, t)) for t in blocks("", ""))] for p in classes],
    }


# --- regular expressions ---------------------------------------------------------------------------

HAND_PATTERNS = [
    r"(?u)\b\w\w+\b", r"\w+", r"\w{1,}", r"\w{2,}", r"(?u)\b\w+\b", r"[a-zA-Z]+", r"\b[^\d\W]+\b", r"\S+", r"[^\s]+", r".+", r".",
    r"(?u)#(\w+)", r"\b(\w)\w*\b", r"(?u)\b\w\w+\b|!|\?", r"[A-Za-z]+(?:'[a-z]+)?", r"(?ui)\b[a-z]{2,}\b", r"\d+(?:[.,]\d+)*", r"(\d)|(\w)", r"",
    r"x*", r"\b", r"\B", r"^", r"$", r"\Z", r"(?m)^.*$", r"(?m)$", r"(?s).*", r"a|b|ab", r"ab|a", r"(a|ab)(c|bcd)(d*)", r"(?:a|b)*?c", r"(a)|b", r"(a)?b",
    r"(?P<q>['\"]).*?(?P=q)", r"(['\"])(.*?)\1", r"(a)?(?(1)b|c)", r"(?P<x>a)?(?(x)b|c)", r"(?<=a)b", r"(?<!a)b", r"a(?=b)", r"a(?!b)", r"(?<=(?:ab|cd))e",
    r"(?>a+)ab", r"a++b", r"a*+a", r"(?:ab)?+ab", r"(?:a|ab)++c", r"(?:(a|c)b|[ac]d)++", r"x{2,3}+x", r"a{,2}", r"a{2}", r"a{2,}?", r"a{}", r"a{x}", r"a{1", r"a{,}",
    r"[]a]", r"[^]a]", r"[a-]", r"[-a]", r"[\]\-]", r"[\w-]+", r"[\b]", r"[a\-z]", r"[[a]", r"[a&&b]", r"[^\W_]+", r"[\d_]+", r"\x41\u0042\U00000043", r"\101\60\0", r"[\101\0]", r"(a)\1", r"(a)(b)\2\1",
    r"(?x) a b # comment", "(?x)a\\ b [ ] c\n#x\nd", r"(?i)straße", r"(?i)ſ", r"(?i)K", r"(?i)i", r"(?i)İ", r"(?i)ı", r"(?i)µ", r"(?i)ς", r"(?i)[σ]", r"(?i)[^s]", r"(?i:a)b", r"(?-i:a)b", r"(?a:\w)\w", r"(?a)\w+",
    r"(?u)\w+", r"(?i)(?a:k)k", r"(?s-i:a.)b", r"(?im)^a", r"(?:)*", r"(?:)*?a", r"(a*)*", r"(a*)+", r"(?:a*)*b", r"(a|b*)*", r"(?:(a)|b)*", r"(?:(a)|(b)|c)*?c", r"((a)|b)+", r"(?=(a+))a*b\1", r"(?!a)\w", r"\w(?!\w)",
    r"(?#comment)a", r"\A\w", r"\w\Z", r"[\U0001F600-\U0001F64F]", r"[😀-😂]+", r"😀{2}", r"(?:😀|a)+", r".😀", r"(?<=😀).", r"\W+", r"\s+", r"\D+", r"[\u0300-\u036f]", r"[一-龥]+", r"(?:(?:(?:a)))", r"(?:a{2}){2}", r"(a(b)?)+", r"(?:a?){3}b", r"(?i)ß", r"(?i)ẞ",
    r"(?i)ﬁ", r"(?i)[ﬅ]", r"(?i)ΐ", r"(?i)𐐀", r"(?i)[𐐀x]", r"(?i)𐐀|x", r"(?i)[𐐀-𐐂]", r"(?i)\b\w+s\b", r"(?m)\n^", r"\b.\b", r"\.|\,", r"\-\#\ \%", r"(?<!\S)\w+(?!\S)", r"(?<=\b)a", r"a(?:b(?:c(?:d)?)?)?", r"(?:x|(?=y))y", r"(?(1)a|b)(c)",
    # refused
    r"(", r")", r"[", r"[z-a]", r"*a", r"a**", r"a{3,2}", r"\1", r"(?P<a>x)(?P<a>y)", r"(?P=b)", r"(?<=a+)b", r"(?<=a|bc)d", r"\q", r"\N{DIGIT ONE}", r"(?L)a", r"a(?i)", r"(?au)a", r"(?z)", r"\x1", r"\u12", r"\U00110000", r"[\8]", r"\8", r"[\Z]", r"(?P<1>a)", r"(?(2)a)", r"(a\1)", r"(?<=(a)\1)b",
    r"(?", r"(?P", r"(?P<", r"(?P<a", r"(?P>a)", r"(?<a>b)", r"\\"[:1], r"(?i-i:a)", r"(?-a:a)", r"^*", r"a{99999999999}", r"[\d-z]", r"(?(0)a)", r"(?(1)a|b|c)(d)", r"\400", r"(?#", r"(?ix", r"(?-:a)", r"(?i-:a)", r"a+++", r"a+?*",
]

HAND_TEXTS = [
    "", "a", "ab", "aab abb abc abcd", "Hello, World! it's 3.14 or 2,718 #tag #Ünïcödé", "foo_bar fooBar FOO 42 ٣٤ ²³ Ⅷ ½", "a\nb\n", "\n", "  \t x\u2003y\x1cz\x85 ",
    "straße STRASSE ſS ẞß Kk iIİı", "Σσς µμ ὈΔΥΣΣΕΎΣ", "日本語のテキスト 東京 한국어", "e\u0301te\u0301 été", "नमस्ते दुनिया", "السلام عليكم", "😀😃a😀😀 👨‍👩‍👧 𐐀𐐨𐐁", "aaab aaaab xx xxx xxxx", "'a' \"b' \"c\"", "abcabc aa bb abba cdcd ababd", "A b [c] d-e ]^", "\x00a\x00", "a{2} a{} a{x}", "ﬁn ﬅ ΐ ΐ 0AB",
]

# What a pattern is there for, where the texts above do not show it: here, that a group set in a failed
# alternative of a possessive repeat stays set.
OWN_TEXTS = {r"(?:(a|c)b|[ac]d)++": ["abcd"], r"(?:a|ab)++c": ["abc", "aac"], r"(a)?(?(1)b|c)": ["ab", "c", "ac"]}

ALPHABET = list("abcAB1_ \n-") + ["é", "É", "İ", "ı", "i", "ſ", "s", "S", "K", "ß", "Σ", "σ", "ς", "µ", "𐐀", "𐐨", "😀", "٣", "字", "\u0301", "\x1c", "²", "Ⅷ", "ⅷ"]


class Fuzz:
    """Patterns out of a grammar that has everything `re` has."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.groups = 0

    def character(self) -> str:
        return self.random.choice(ALPHABET[:10] if self.random.random() < 0.7 else ALPHABET)

    def literal(self) -> str:
        c = self.character()
        return f"\\U{ord(c):08x}" if self.random.random() < 0.05 else c

    def set(self) -> str:
        categories = [r"\w", r"\d", r"\s", r"\W", r"\D", r"\S"]
        if self.random.random() < 0.5:
            return self.random.choice([*categories, "."])
        items = []
        for _ in range(self.random.randint(1, 3)):
            r = self.random.random()
            if r < 0.3:
                items.append(self.random.choice(categories))
            elif r < 0.6:
                items.append("-".join(map(re.escape, sorted([self.character(), self.character()]))))
            elif r < 0.7:
                items.append(self.random.choice(["a-z", "0-9", "a-zA-Z", r"\u0370-\u03ff", r"\u0100-\U00010410"]))
            else:
                items.append(re.escape(self.character()))
        return "[" + self.random.choice(["", "", "^"]) + "".join(items) + "]"

    def atom(self, depth: int) -> str:
        r = self.random.random()
        pick = self.random.choice
        if depth <= 0 or r < 0.4:
            return self.literal()
        if r < 0.6:
            return self.set()
        if r < 0.68:
            return pick([r"\b", r"\B", "^", "$", r"\A", r"\Z"])
        if r < 0.78:
            self.groups += 1
            name = f"?P<g{self.groups}>" if self.random.random() < 0.15 else ""
            return f"({name}{self.alternatives(depth - 1)})"
        if r < 0.86:
            return f"(?:{self.alternatives(depth - 1)})"
        if r < 0.88:
            return f"(?>{self.alternatives(depth - 1)})"
        if r < 0.92:
            return f"(?{pick('=!')}{self.alternatives(depth - 1)})"
        if r < 0.945:
            return f"(?<{pick('=!')}" + "".join(pick([self.literal, self.set])() for _ in range(self.random.randint(0, 2))) + ")"
        if r < 0.965 or self.groups == 0:
            return f"(?{pick(['i', 'a', 's', '-i', 'm', 'u', 'ai', 's-i'])}:{self.alternatives(depth - 1)})"
        group = self.random.randint(1, self.groups)
        if r < 0.985:
            return f"\\{group}"
        return f"(?({group}){self.sequence(depth - 1)}{pick(['', '|' + self.sequence(depth - 1)])})"

    def sequence(self, depth: int) -> str:
        quantifiers = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{,2}", "{2,}"]
        pieces = []
        for _ in range(self.random.choice([0, 1, 1, 2, 2, 3])):
            piece = self.atom(depth)
            if self.random.random() < 0.4:
                piece += self.random.choice(quantifiers) + self.random.choice(["", "", "", "?", "+"])
            pieces.append(piece)
        return "".join(pieces)

    def alternatives(self, depth: int) -> str:
        return "|".join(self.sequence(depth) for _ in range(self.random.choice([1, 1, 1, 2, 2, 3])))

    def pattern(self) -> str:
        self.groups = 0
        return self.random.choice(["", "", "", "", "(?i)", "(?a)", "(?ia)", "(?m)", "(?s)", "(?ms)", "(?u)"]) + self.alternatives(3)

    def text(self) -> str:
        return "".join(self.character() for _ in range(self.random.choice([1, 3, 6, 10, 15])))


class Slow(Exception):
    pass


def too_slow(*_):
    raise Slow


def span(match):
    return None if match is None else [match.start(), match.end(), match.group(), *match.groups()]


def answers(pattern: str, texts):
    """[pattern, groups, [[text, findall, search, match], …]], or [pattern] if Python refuses it."""
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, ValueError):
        return [pattern]
    cases = []
    for text in texts:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            found = compiled.findall(text) if compiled.groups <= 1 else None
            case = [text, found, span(compiled.search(text)), span(compiled.match(text))]
            signal.setitimer(signal.ITIMER_REAL, 0)
        except Slow:
            continue
        cases.append(case)
    return [pattern, compiled.groups, cases]


def regex_fixture():
    signal.signal(signal.SIGALRM, too_slow)
    fuzz = Fuzz(20)
    made = []
    while len(made) < 600:
        # Patterns that match something tell more.
        case = answers(fuzz.pattern(), [fuzz.text() for _ in range(3)])
        if len(case) == 1 and fuzz.random.random() < 0.9:
            continue
        if len(case) > 1 and not any(c[2] for c in case[2]):
            continue
        made.append(case)
    chooser = random.Random(21)
    hand = [answers(p, OWN_TEXTS.get(p, []) + (HAND_TEXTS if i < 24 else chooser.sample(HAND_TEXTS, 6))) for i, p in enumerate(HAND_PATTERNS)]
    return {"hand": hand, "fuzz": made}


# --- scikit-learn ----------------------------------------------------------------------------------

DOCUMENTS = [
    "", " ", "a", "The quick brown fox jumps over the lazy dog, and the dog sleeps.", "İstanbul'da IŞIK ılık; DİYARBAKIR", "Straße und GROẞE Füße — Übermut tut selten gut", "ὈΔΥΣΣΕΎΣ ΣΊΣΥΦΟΣ, Αθήνα!",
    "السَّلَامُ عَلَيْكُمْ ٣٤", "नमस्ते दुनिया, हिन्दी में", "日本語のテキスト。東京タワー", "한국어 문장입니다", "👨‍👩‍👧 family 😀😀 emoji𐐀𐐨 x", "e\u0301te\u0301 été cafe\u0301 ﬁn ½ ² Ⅷ", "nul\x00byte tab\tnew\nline\r\nx\x1cy\u2028z\u3000w", "foo_bar 42 a1 b2 c-d e.f it's don't fifty fify",
    "aaa aaa aaa bbb", "  two  spaces   three\t\tend  ", "\u0301\u0302 \u200d \ufeff", "ａｂｃ ＡＢＣ ①②③ K Å Ω",
]


def analyzer_fixture():
    cases = []

    def add(**options):
        analyze = CountVectorizer(**options).build_analyzer()
        cases.append([options, [analyze(d) for d in DOCUMENTS]])

    for lowercase, accents in product([True, False], [None, "ascii", "unicode"]):
        for ngrams in [(1, 1), (1, 2), (2, 3)]:
            add(lowercase=lowercase, strip_accents=accents, ngram_range=ngrams)
        add(lowercase=lowercase, strip_accents=accents, stop_words="english")
        add(lowercase=lowercase, strip_accents=accents, analyzer="char", ngram_range=(3, 3))
        add(lowercase=lowercase, strip_accents=accents, analyzer="char_wb", ngram_range=(2, 4))
    for kind in ["word", "char", "char_wb"]:
        for ngrams in [(1, 1), (0, 1), (0, 2), (1, 3), (5, 5), (40, 60)]:
            add(analyzer=kind, ngram_range=ngrams)
    for pattern in [r"\w+", r"\S+", r"[a-z]+", r"(?u)#?(\w+)", r"(?i)[A-Z']{2,}", r"[^\W\d_]+", r"."]:
        add(token_pattern=pattern)
        add(token_pattern=pattern, stop_words=["the", "a", "dog", "été", ""], ngram_range=(1, 2))
    return {"documents": DOCUMENTS, "cases": cases}


def rows(matrix):
    matrix = matrix.tocsr()
    return [matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()]


def count_fixture():
    cases = []
    for options in [{}, {"ngram_range": (1, 2), "binary": True}, {"analyzer": "char_wb", "ngram_range": (2, 3)}, {"stop_words": "english", "strip_accents": "unicode"}]:
        vectorizer = CountVectorizer(**options).fit(DOCUMENTS[:12])
        vocabulary = {term: int(column) for term, column in vectorizer.vocabulary_.items()}
        cases.append([options, list(vocabulary.items()), rows(vectorizer.transform(DOCUMENTS))])
    return cases


def text_of_least_hash() -> str:
    """A text of eight letters whose hash is -2**31, the one without an absolute value: the hash run backwards."""
    mask = 0xFFFFFFFF
    rotate = lambda n, by: ((n << by) | (n >> (32 - by))) & mask
    undo = lambda factor: pow(factor, -1, 1 << 32)
    h = 0x80000000
    for shift, factor in [(16, 0xC2B2AE35), (13, 0x85EBCA6B), (16, 1)]:
        h ^= h >> shift
        if shift == 13:
            h ^= h >> 26
        h = h * undo(factor) & mask
    after = (h ^ 8) & mask
    before = rotate((after - 0xE6546B64) * undo(5) & mask, 19)
    for letters in product("abcdefghijklmnopqrstuvwxyz", repeat=4):
        k = int.from_bytes("".join(letters).encode(), "little") * 0xCC9E2D51 & mask
        first = rotate(k, 15) * 0x1B873593 & mask
        state = (rotate(first, 13) * 5 + 0xE6546B64) & mask
        k = rotate((before ^ state) * undo(0x1B873593) & mask, 17) * undo(0xCC9E2D51) & mask
        tail = k.to_bytes(4, "little")
        if tail.isalpha():
            text = "".join(letters) + tail.decode()
            assert murmurhash3_32(text) == -(2**31), text
            return text
    raise AssertionError("no such text")


def hash_fixture():
    chooser = random.Random(22)
    words = ["", "a", "ab", "abc", "abcd", "abcde", "é", "日本", "😀", "\x00", "a\x00b"]
    words += ["".join(chooser.choice(ALPHABET) for _ in range(chooser.randint(1, 12))) for _ in range(60)]
    texts = []
    for options in [{}, {"n_features": 16}, {"n_features": 7, "alternate_sign": False}, {"n_features": 10, "ngram_range": (1, 2), "binary": True}, {"n_features": 1}, {"n_features": 2**31 - 1}, {"analyzer": "char", "n_features": 33}]:
        texts.append([options, rows(HashingVectorizer(norm=None, **options).transform(DOCUMENTS))])
    dicts = [{"a": 1, "b": -2.5, "c": "x", "d": 0, "e": True, "é": 0.1}, {}, {"a": 0.1, "b": 0.2, "cat": "d=e"}, {"x": "", "": 3}]
    pairs = [[["a", 1], ["a", 2], ["b", "x"], ["a", -1.5]], [], [["q", 1e-3], ["q", 0.25]]]
    strings = [["dog", "cat", "dog"], [], ["日本", ""], [text_of_least_hash()]]
    features = []
    for kind, samples in [("dict", dicts), ("pair", pairs), ("string", strings)]:
        for options in [{}, {"n_features": 5}, {"n_features": 3, "alternate_sign": False}, {"n_features": 4, "dtype": "float32"}]:
            dtype = {"dtype": np.float32} if "dtype" in options else {}
            features.append([{**options, "input_type": kind}, samples, rows(FeatureHasher(**{**options, **dtype}, input_type=kind).transform(samples))])
    return {"murmur": [[w, murmurhash3_32(w), murmurhash3_32(w, seed=42)] for w in words], "documents": DOCUMENTS, "texts": texts, "features": features}


def main():
    assert unicodedata.unidata_version == "14.0.0", unicodedata.unidata_version
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "fixtures/text"
    folder.mkdir(parents=True, exist_ok=True)
    fixtures = {
        "unicode": unicode_fixture(),
        "regex": regex_fixture(),
        "analyzers": analyzer_fixture(),
        "counts": count_fixture(),
        "hashes": hash_fixture(),
        "stop-words": sorted(ENGLISH_STOP_WORDS),
    }
    for name, value in fixtures.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


main()

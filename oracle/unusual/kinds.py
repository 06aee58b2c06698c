"""Small data of every awkward kind: held-back rows in each number type, labels of every type, tables, documents."""

import numpy as np
import pandas as pd
import scipy.sparse as sp
import sklearn

ROWS, HELD = 90, 9
LETS_BYTES = [int(part) for part in sklearn.__version__.split(".")[:2]] < [1, 5]


class Data:
    """Everything is drawn from one seed, which differs from version to version."""

    def __init__(self, seed):
        self.dice = dice = np.random.RandomState(seed)
        scale = np.array([1.0, 12.0, 0.05, 3.0, 1.0])
        centres = np.array([[0.0, 0, 0, 0, 0], [1.6, -18, 0.05, 0, 1], [-1.2, 9, 0.1, 4, 0]])
        codes = dice.randint(0, 3, ROWS + HELD)
        numbers = centres[codes] + dice.normal(size=(ROWS + HELD, 5)) * scale
        self.X, self.T = numbers[:ROWS], numbers[ROWS:]
        self.y3 = codes[:ROWS]
        self.y2 = (codes[:ROWS] > 0).astype(int)
        self.words = np.array(["été", "zebra", "Apfel"])[self.y3]
        self.objects = np.array(["no", "maybe", "yes"], dtype=object)[self.y3]
        # Labels in bytes were allowed once.
        self.bytes = np.array([b"b", b"a", b"cc"] if LETS_BYTES else ["b", "A", "ｃ"])[self.y3]
        self.bool = self.y2.astype(bool)
        self.negative = np.array([-5, 70, 7])[self.y3]
        self.floats = np.array([3.0, -2.0, 1.0])[self.y3]
        self.small = self.y3.astype(np.int8)
        self.unsigned = self.y3.astype(np.uint16)
        noise = dice.normal(size=ROWS)
        self.yr = self.X[:, 0] * 3 - self.X[:, 1] * 0.2 + noise
        self.yr2 = np.column_stack([self.yr, self.X[:, 3] * 2 - self.X[:, 4] + noise])
        self.counts = np.floor(np.exp(self.X[:, 0] * 0.4 + 1)).clip(0, 40)
        self.positive = np.exp(self.yr * 0.2)
        self.many = np.column_stack([self.y3 == 0, self.X[:, 0] > 0, self.X[:, 1] > 0]).astype(int)
        self.two_kinds = np.column_stack([self.y3, self.X[:, 3] > 1]).astype(int)
        self.two_words = np.column_stack([self.words, np.where(self.X[:, 3] > 1, "hi", "lo")])
        self.weights = dice.uniform(0.2, 3, ROWS)
        self.holes, self.holes_test = self.X.copy(), self.T.copy()
        self.holes[dice.uniform(size=self.holes.shape) < 0.12] = np.nan
        self.holes_test[dice.uniform(size=self.holes_test.shape) < 0.25] = np.nan
        self.holes_test[0] = np.nan
        self.whole = dice.poisson(1.4, (ROWS, 6))
        self.whole_test = dice.poisson(1.4, (HELD, 6))
        self.bits = dice.uniform(size=(ROWS, 8)) < 0.4
        self.bits_test = dice.uniform(size=(HELD, 8)) < 0.4
        self.positives, self.positives_test = np.abs(self.X) + 0.01, np.abs(self.T) + 0.01
        self.share = dice.uniform(size=(ROWS, 4))
        self.share_test = dice.uniform(-0.1, 1.1, size=(HELD, 4))
        self.constant = np.column_stack([self.X, np.full(ROWS, 7.5), np.zeros(ROWS)])
        self.constant_test = np.column_stack([self.T, np.full(HELD, 7.5), np.zeros(HELD)])
        self.constant_test[0, 5:] = 3
        self.frame, self.frame_test = self._frames()
        self.documents, self.documents_test, self.topics = self._documents()

    def _frames(self):
        dice, rows = self.dice, ROWS + HELD
        age = np.round(dice.normal(40, 12, rows), 1)
        age[dice.uniform(size=rows) < 0.15] = np.nan
        frame = pd.DataFrame(
            {
                "age": age,
                "visits": dice.poisson(2, rows),
                "price €": np.round(dice.gamma(2, 20, rows), 2),
                "city": pd.Series(dice.choice(["Rom", "Köln", "Łódź", "Oslo", "New York"], rows, p=[0.4, 0.3, 0.15, 0.1, 0.05]), dtype=object),
                "size": pd.Series(dice.choice(["S", "M", "L"], rows), dtype=object),
                "member": dice.uniform(size=rows) < 0.5,
            }
        )
        test = frame.iloc[ROWS:].reset_index(drop=True)
        test.loc[1, "city"] = "Atlantis"
        return frame.iloc[:ROWS].reset_index(drop=True), test

    def _documents(self):
        dice = self.dice
        pools = [
            "the cat dog puppy kitten purrs barks naïve über café pet's 2 vets".split(),
            "stock market shares bonds fell rose 3.5% €20 investors the of 2008".split(),
            "goal match penalty cup final header VAR 90th the in team's Müller".split(),
        ]
        topics, texts = [], []
        for number in range(60):
            topic = number % 3
            words = [pools[topic][dice.randint(len(pools[topic]))] for _ in range(dice.randint(3, 12))]
            if dice.uniform() < 0.3:
                other = pools[(topic + 1) % 3]
                words.append(other[dice.randint(len(other))].upper())
            texts.append(" ".join(words) + (". " if dice.uniform() < 0.5 else "!"))
            topics.append(["pets", "money", "sport"][topic])
        test = texts[52:] + ["", "   ", "Ünbekannt wörds Only…", "THE CAT the_cat the-cat don't", "İI ıi ſ ß ﬁ Ⅳ ٣ 東京 👍🏽 a\u0301", "a b c", "one\ttab\nline\u2028sep\u00a0nbsp"]
        return texts[:52], test, np.array(topics[:52])

    def numbers(self, rows=None, *also):
        """Held-back rows, and one or two further inputs among: one row, float32, whole numbers, far away, Fortran order, sparse."""
        T = self.T if rows is None else rows
        further = {
            "X1": lambda: T[:1],
            "X32": lambda: np.asarray(T, dtype=np.float32),
            "Xint": lambda: np.round(np.nan_to_num(T) * 2).astype(np.int64),
            "Xfar": lambda: np.asarray(T, dtype=float) * 50,
        }
        names = sorted(further)
        chosen = [names[self.dice.randint(len(names))]]
        inputs = {"X": T}
        for name in chosen + list(also):
            inputs[name] = sp.csr_matrix(T) if name == "S" else further[name]()
        return inputs

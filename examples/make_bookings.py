"""Trains the pipeline of the demo and writes what Python answers.

    pip install -r examples/requirements.txt && python examples/make_bookings.py

A hotel would like to know which bookings will be cancelled. The table is generated: a mix of numbers, categories,
yes/no and dates, with holes, as such tables have.
"""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
NUMBERS = ["days_ahead", "nights", "guests", "price"]
WORDS = ["channel", "country", "returning"]


def bookings(rows, seed):
    dice = np.random.default_rng(seed)
    days_ahead = dice.gamma(1.3, 45, rows).astype(int)
    nights = 1 + dice.poisson(2.1, rows)
    guests = dice.integers(1, 5, rows).astype(float)
    price = np.round(60 + 22 * guests + dice.normal(0, 25, rows), 2)
    channel = dice.choice(["website", "agency", "phone", "partner"], rows, p=[0.45, 0.3, 0.1, 0.15])
    country = dice.choice(["Portugal", "España", "Deutschland", "France", "日本"], rows, p=[0.3, 0.2, 0.2, 0.2, 0.1]).astype(object)
    returning = dice.choice(["yes", "no"], rows, p=[0.25, 0.75])
    arrival = (pd.Timestamp("2024-01-01") + pd.to_timedelta(dice.integers(0, 365, rows), unit="D")).strftime("%Y-%m-%d")
    score = 0.018 * days_ahead - 1.4 * (returning == "yes") + 0.9 * (channel == "agency") - 0.15 * nights + 0.006 * price - 1.6
    cancelled = dice.uniform(size=rows) < 1 / (1 + np.exp(-score))
    guests[dice.uniform(size=rows) < 0.05] = np.nan
    price[dice.uniform(size=rows) < 0.08] = np.nan
    country[dice.uniform(size=rows) < 0.06] = None
    table = pd.DataFrame(
        {
            "booking": [f"B{seed}{number:05d}" for number in range(rows)],
            "arrival": arrival,
            "days_ahead": days_ahead,
            "nights": nights,
            "guests": guests,
            "price": price,
            "channel": channel,
            "country": country,
            "returning": returning,
        }
    )
    return table, np.where(cancelled, "cancelled", "kept")


train, outcome = bookings(3000, seed=1)
model = Pipeline(
    [
        (
            "columns",
            ColumnTransformer(
                [
                    ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
                    ("words", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), WORDS),
                ]
            ),
        ),
        ("forest", RandomForestClassifier(n_estimators=80, min_samples_leaf=8, random_state=0)),
    ]
).fit(train[NUMBERS + WORDS], outcome)
joblib.dump(model, HERE / "bookings.joblib", compress=3)

fresh, _ = bookings(500, seed=2)
fresh.loc[0, "country"] = "Ísland"  # a country that training never saw
fresh.to_csv(HERE / "bookings.csv", index=False)

# Read back, as anyone would who has only the files.
model, fresh = joblib.load(HERE / "bookings.joblib"), pd.read_csv(HERE / "bookings.csv")
answers = pd.DataFrame({"booking": fresh["booking"], "predict": model.predict(fresh)})
for number, label in enumerate(model.classes_):
    answers[f"predict_proba_{label}"] = model.predict_proba(fresh)[:, number]
answers.to_csv(HERE / "bookings.answers.csv", index=False)
print(f"{len(answers)} bookings, {(answers['predict'] == 'cancelled').sum()} predicted to be cancelled")

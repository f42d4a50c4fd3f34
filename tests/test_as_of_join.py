"""DataFrame._joinAsOf, as real Spark answers it: nearest rows, ties, tolerance, conditions, errors."""

import datetime

import pytest
from pyspark.errors import AnalysisException, IllegalArgumentException
from pyspark.sql import functions as F


@pytest.fixture
def left(session):
    return session.createDataFrame([(1, "a"), (5, "b"), (10, "c"), (5, "d"), (None, "n")], "a int, lv string")


@pytest.fixture
def right(session):
    rows = [(1, "r1"), (2, "r2"), (3, "r3"), (6, "r6"), (7, "r7"), (3, "r3b"), (7, "r7b"), (6, "r6b")]
    return session.createDataFrame([*rows, (4, "r4"), (4, "r4b"), (None, "rn")], "b int, rv string")


def matches(left, right, *arguments, **options):
    rows = left._joinAsOf(right, *arguments, **options).select("lv", "rv").collect()
    return {row.lv: row.rv for row in rows}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"direction": "backward"}, ["r1", "r4b", "r7b", "r4b"]),
        ({"direction": "forward"}, ["r1", "r6b", None, "r6b"]),
        ({"direction": "nearest"}, ["r1", "r4b", "r7b", "r4b"]),
        ({"direction": "backward", "allowExactMatches": False}, [None, "r4b", "r7b", "r4b"]),
        ({"direction": "forward", "allowExactMatches": False}, ["r2", "r6b", None, "r6b"]),
        ({"direction": "nearest", "allowExactMatches": False}, ["r2", "r4b", "r7b", "r4b"]),
        ({"direction": "backward", "tolerance": F.lit(1)}, ["r1", "r4b", None, "r4b"]),
        ({"direction": "forward", "tolerance": F.lit(1)}, ["r1", "r6b", None, "r6b"]),
        ({"direction": "nearest", "tolerance": F.lit(1)}, ["r1", "r4b", None, "r4b"]),
        ({"direction": "NEAREST", "tolerance": F.lit(1), "allowExactMatches": False}, [None, None, None, None]),
    ],
)
def test_the_last_of_equally_near_rows_counts(left, right, options, expected):
    outer = matches(left, right, "a", "b", how="left", **options)
    assert outer == {**dict(zip("abcd", expected, strict=True)), "n": None}
    inner = matches(left, right, "a", "b", **options)
    assert inner == {name: value for name, value in outer.items() if value}


def test_constants_as_values(left, right):
    assert matches(left, right, F.lit(1), "b") == dict.fromkeys("abcdn", "r1")


@pytest.fixture
def trades(session):
    return session.sql(
        "select * from values (1, 'x', timestamp'2020-01-01 00:00:10'), (2, 'y', timestamp'2020-01-01 00:00:20'),"
        " (3, 'x', null) t(id, k, ts)"
    )


@pytest.fixture
def quotes(session):
    return session.sql(
        "select * from values (10, 'x', timestamp'2020-01-01 00:00:09'), (20, 'y', timestamp'2020-01-01 00:00:15'),"
        " (30, 'x', null), (40, 'x', timestamp'2020-01-01 00:00:12') t(rid, k, ts)"
    )


def pairs(frame):
    return sorted((row.id, row.rid) for row in frame.select("id", "rid").collect())


def test_columns_of_both_sides_stay(trades, quotes):
    frame = trades._joinAsOf(quotes, trades.ts, quotes.ts, on="k", how="left_outer")
    assert [(field.name, field.nullable) for field in frame.schema] == [
        ("id", False),
        ("k", False),
        ("ts", True),
        ("rid", True),
        ("k", True),
        ("ts", True),
    ]
    assert pairs(frame) == [(1, 10), (2, 20), (3, None)]


def test_intervals_as_tolerance(trades, quotes):
    def within(tolerance, **options):
        return pairs(trades._joinAsOf(quotes, trades.ts, quotes.ts, on=["k"], tolerance=tolerance, **options))

    assert within(F.expr("interval 2 seconds")) == [(1, 10)]
    assert within(F.expr("interval 1 month")) == [(1, 10), (2, 20)]
    one_second = F.lit(datetime.timedelta(seconds=1))
    assert within(one_second, direction="forward", how="left") == [(1, None), (2, None), (3, None)]


def test_conditions_on_one_side_and_across(trades, quotes):
    def joined(condition, **options):
        on = [trades.k == quotes.k, condition]
        return pairs(trades._joinAsOf(quotes, trades.ts, quotes.ts, on=on, how="left", **options))

    assert joined(quotes.rid < 35) == [(1, 10), (2, 20), (3, None)]
    assert joined(trades.id < 2, direction="nearest") == [(1, 10), (2, None), (3, None)]
    assert joined(trades.id + 8 < quotes.rid, direction="nearest") == [(1, 10), (2, 20), (3, None)]


def test_many_rows(session):
    left = session.range(2000).selectExpr("id", "id % 7 as k", "id * 3 as at")
    right = session.range(2000).selectExpr("id as rid", "id % 7 as k", "id * 2 as r_at")

    def facts(direction):
        frame = left._joinAsOf(right, "at", "r_at", on="k", direction=direction, tolerance=F.lit(50))
        return tuple(frame.selectExpr("count(*)", "max(abs(at - r_at))", "sum(rid * id)").first())

    assert facts("backward") == (1349, 46, 1222896012)
    assert facts("forward") == (1331, 13, 1180511325)
    assert facts("nearest") == (1349, 46, 1226005552)


def test_errors(left, right):
    def condition(*arguments, kind=AnalysisException, **options):
        with pytest.raises(kind) as failure:
            left._joinAsOf(right, *arguments, **options).collect()
        return failure.value.getCondition()

    assert condition("a", "b", direction="x") == "AS_OF_JOIN.UNSUPPORTED_DIRECTION"
    assert condition("a", "b", tolerance=F.lit(-1)) == "AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE"
    assert condition("a", "b", tolerance=F.lit(None)) == "AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE"
    assert condition("a", "b", how="zork") == "UNSUPPORTED_JOIN_TYPE"
    assert condition("a", "b", on="q") == "UNRESOLVED_COLUMN.WITH_SUGGESTION"
    assert condition("a", "b", on=F.col("a")) == "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE"
    assert condition("lv", "rv") == "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"
    with pytest.raises(IllegalArgumentException, match="requirement failed: Unsupported as-of join type RightOuter"):
        left._joinAsOf(right, "a", "b", how="right").collect()

"""TPC-H at scale factor 0.1, as SQL and as DataFrame programs: every value equals what real Spark answered."""

import pytest

import pyrite
import tpch_data
from tpch_frames import FRAMES


@pytest.fixture(scope="module")
def spark():
    session = pyrite.new_session()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def tables(spark):
    return tpch_data.open_tables(spark, tpch_data.generate("0.1"))


@pytest.mark.slow
@pytest.mark.parametrize("number", FRAMES)
def test_sql(number, spark, tables):
    text = tpch_data.sql_text(number)
    if text is None:
        pytest.skip("Spark's SQL texts are not there: run tools/fetch_golden.sh")
    assert tpch_data.answer_of(spark.sql(text)) == tpch_data.recorded(number)


@pytest.mark.slow
@pytest.mark.parametrize("number", FRAMES)
def test_frame(number, tables):
    assert tpch_data.answer_of(FRAMES[number](tables)) == tpch_data.recorded(number)

"""TPC-DS at scale factor 0.01: names, types and every value equal what real Spark answered."""

import pytest
from pyspark.errors import PySparkException

import pyrite
import tpcds_data

TEXTS = tpcds_data.sql_texts()
RECORDED = tpcds_data.recorded()


@pytest.fixture(scope="module")
def spark():
    if not tpcds_data.can_generate():
        pytest.skip("the generator of the data needs Maven and Java")
    session = pyrite.new_session()
    tpcds_data.open_tables(session, tpcds_data.generate())
    yield session
    session.stop()


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED)
def test_query(name, spark):
    if name not in TEXTS:
        pytest.skip("Spark's SQL text is not there: run tools/fetch_golden.sh")
    answer = RECORDED[name]
    if answer.condition:
        with pytest.raises(PySparkException) as raised:
            spark.sql(TEXTS[name]).collect()
        assert raised.value.getCondition() == answer.condition
        return
    lines = tpcds_data.answer_of(spark.sql(TEXTS[name]))
    assert len(lines) - 1 == answer.rows
    assert tpcds_data.digest(lines[:1]) == answer.schema
    if answer.values:
        assert tpcds_data.digest(lines) == answer.values

"""CSV and JSON read out of a DataFrame's strings, options of inference and encodings; the answers are real Spark's."""

import pytest
from pyspark.errors import AnalysisException, IllegalArgumentException, NumberFormatException, PySparkException
from pyspark.sql import functions as F

CSV = ["a,b", "1,x", "a,b", "2,y", "", "3,z,w", "q"]
JSON = ['{"a":1,"b":"x"}', None, "", '[{"a":2},{"a":3,"b":"y"}]', '{"a":4}{"a":5}', "{bad", "5", '{"c":[1]}\n{"a":9}']


def lines(session, values):
    return session.createDataFrame([(value,) for value in values], "v string").coalesce(1)


def rows(frame):
    return [tuple(row) for row in frame.collect()]


def condition(frame):
    with pytest.raises(PySparkException) as caught:
        frame().collect()
    return caught.value.getCondition()


def test_csv_without_a_schema(session):
    frame = session.read.csv(lines(session, CSV))
    assert frame.columns == ["_c0", "_c1"]
    assert rows(frame) == [("a", "b"), ("1", "x"), ("a", "b"), ("2", "y"), ("3", "z"), ("q", None)]


def test_csv_header_is_dropped_wherever_it_stands(session):
    frame = session.read.csv(lines(session, CSV[:6]), header=True, inferSchema=True)
    assert frame.schema.simpleString() == "struct<a:int,b:string>"
    assert rows(frame) == [(1, "x"), (2, "y"), (3, "z")]


def test_csv_modes(session):
    reader = session.read.schema("a int, b string, _corrupt_record string")
    assert rows(reader.csv(lines(session, CSV))) == [
        (None, "b", "a,b"),
        (1, "x", None),
        (None, "b", "a,b"),
        (2, "y", None),
        (3, "z", "3,z,w"),
        (None, None, "q"),
    ]
    plain = session.read.schema("a int, b string")
    assert rows(plain.csv(lines(session, CSV), mode="DROPMALFORMED").select("b")) == [("x",), ("y",)]
    with pytest.raises(PySparkException, match=r"\[null,b\]"):
        session.read.schema("a int, b string").csv(lines(session, CSV), mode="FAILFAST").collect()


def test_csv_cells_with_line_breaks_comments_and_blanks(session):
    cells = ["1,a\n2,b", '3,"x\ny"', "#4,c", "  ", "\t,d", "5,e\r"]
    assert rows(session.read.csv(lines(session, cells), comment="#")) == [
        ("1", "a"),
        ("3", "x\ny"),
        ("\t", "d"),
        ("5", "e\r"),
    ]


def test_json_without_a_schema(session):
    frame = session.read.json(lines(session, JSON))
    assert frame.schema.simpleString() == "struct<_corrupt_record:string,a:bigint,b:string,c:array<bigint>>"
    assert rows(frame) == [
        (None, 1, "x", None),
        (None, None, None, None),
        (None, 2, None, None),
        (None, 3, "y", None),
        (None, 4, None, None),
        ("{bad", None, None, None),
        ("5", None, None, None),
        (None, None, None, [1]),
    ]


def test_json_modes(session):
    plain = session.read.schema("a int, b string")
    assert rows(plain.json(lines(session, JSON), mode="DROPMALFORMED")) == [
        (1, "x"),
        (2, None),
        (3, "y"),
        (4, None),
        (None, None),
    ]
    corrupt = session.read.schema("a int, _corrupt_record string")
    assert rows(corrupt.json(lines(session, ['[{"a":1},2]', "[]", '[{"a":"q"},{"a":7}]']))) == [
        (None, '[{"a":1},2]'),
        (None, '[{"a":"q"},{"a":7}]'),
        (7, '[{"a":"q"},{"a":7}]'),
    ]
    schema = "s string, d date, l array<int>, t struct<x:int,y:string>, m decimal(5,2), bad int"
    text = '{"s":"q","d":"2020-01-02","l":[1,2],"t":{"x":1,"y":"z"},"m":1.5,"bad":"x"}'
    with pytest.raises(PySparkException, match=r"\[q,18263,\[1,2\],\[1,z\],1.50,null\]"):
        session.read.schema(schema).json(lines(session, [text]), mode="FAILFAST").collect()


@pytest.mark.parametrize("name", ["csv", "json"])
def test_inputs_that_are_refused(session, name):
    def read(frame):
        return lambda: getattr(session.read, name)(frame)

    assert condition(read(session.range(2))) == "DATAFRAME_INPUT_NOT_STRING_TYPE"
    assert condition(read(session.sql("select 'a' v, 'b' w"))) == "DATAFRAME_INPUT_NOT_SINGLE_COLUMN"


def test_no_lines(session):
    for name in ("csv", "json"):
        frame = getattr(session.read, name)(lines(session, ["", "  "]))
        assert frame.columns == [] and frame.count() == 0
    assert session.read.json(lines(session, ["{}", "{}"])).count() == 2


def test_more_rows_than_a_batch(session):
    frame = session.range(5000).select(F.concat(F.lit('[{"a":'), "id", F.lit('},{"a":-1}]')).alias("v"))
    assert rows(session.read.json(frame).agg(F.count("a"), F.sum("a"))) == [(10000, 4999 * 2500 - 5000)]


def test_inference_by_patterns(session):
    def inferred(text, **options):
        return session.read.csv(lines(session, text), inferSchema=True, **options).schema[0].dataType.simpleString()

    assert inferred(["01/02/2020"], dateFormat="dd/MM/yyyy") == "date"
    assert inferred(["01/02/2020 10:00"], timestampFormat="dd/MM/yyyy HH:mm") == "timestamp"
    assert inferred(["2020-01-02"], dateFormat="dd/MM/yyyy") == "timestamp"
    assert inferred(["01/02/2020", "2020-01-02 10:00:00"], dateFormat="dd/MM/yyyy") == "string"


def test_sampling_of_inference(session, tmp_path):
    records = [f'{{"a{i}":1}}' for i in range(20)]
    path = tmp_path / "s.json"
    path.write_text("\n".join(records))
    for read in (str(path), lines(session, records)):
        assert session.read.json(read, samplingRatio=0.1).columns == ["a18", "a3"]
        assert session.read.json(read, samplingRatio=0.5).columns == "a11 a12 a18 a2 a3 a6 a7 a8".split()
    cells = [str(i) if i % 5 else f"x{i}" for i in range(20)]
    (tmp_path / "s.csv").write_text("\n".join(cells))
    for read in (str(tmp_path / "s.csv"), lines(session, cells)):
        types = [session.read.csv(read, inferSchema=True, samplingRatio=r).schema[0].dataType for r in (0.5, 0.9)]
        assert [each.simpleString() for each in types] == ["int", "string"]


def test_options_that_are_refused(session):
    def read(**options):
        return session.read.csv(lines(session, ["1"]), **options).collect()

    for ratio in ("0", "-1", "NaN"):
        with pytest.raises(IllegalArgumentException):
            read(samplingRatio=ratio)
    with pytest.raises(NumberFormatException):
        read(samplingRatio="x")
    for options, expected in (
        ({"maxColumns": "x"}, "_LEGACY_ERROR_TEMP_2146"),
        ({"maxCharsPerColumn": "1.5"}, "_LEGACY_ERROR_TEMP_2146"),
        ({"header": "maybe"}, "_LEGACY_ERROR_TEMP_2147"),
        ({"quote": "xx"}, "OPTION_VALUE_EXCEEDS_ONE_CHARACTER"),
        ({"encoding": "latin1"}, "INVALID_PARAMETER_VALUE.CHARSET"),
    ):
        with pytest.raises(PySparkException) as caught:
            read(**options)
        assert caught.value.getCondition() == expected
    with pytest.raises(AnalysisException) as caught:
        session.read.schema("c int, a int").csv(lines(session, ["1"]), columnNameOfCorruptRecord="c").collect()
    assert caught.value.getCondition() == "INVALID_CORRUPT_RECORD_TYPE"


@pytest.mark.parametrize("name", ["UTF-8", "UTF-16", "utf-16le", "UTF-16BE", "UTF-32", "ISO-8859-1"])
def test_encodings(session, tmp_path, name):
    path = tmp_path / "f"
    path.write_bytes('{"a":"é1",\n"b":2}'.encode(name))
    assert rows(session.read.json(str(path), encoding=name, multiLine=True)) == [("é1", 2)]
    path.write_bytes("a,é\n1,2\n".encode(name))
    assert rows(session.read.csv(str(path), encoding=name, multiLine=True)) == [("a", "é"), ("1", "2")]
    path.write_bytes('{"a":"é"}\n{"a":"b"}\n'.encode(name))
    if name in ("UTF-16", "UTF-32"):
        with pytest.raises(IllegalArgumentException):
            session.read.json(str(path), encoding=name, lineSep="\n").collect()
    else:
        assert rows(session.read.json(str(path), encoding=name, lineSep="\n")) == [("é",), ("b",)]


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_encodings_that_are_found(session, tmp_path, name):
    path = tmp_path / "f.json"
    path.write_bytes('{"a":"é"}'.encode(name))
    assert rows(session.read.json(str(path), multiLine=True)) == [("é",)]

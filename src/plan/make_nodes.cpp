// Making and copying plan nodes: compiled here once, since each variant of all nodes is large.
#include "plan/command.h"
#include "plan/resolved_relation.h"

namespace pyrite {

namespace plan {

Expression::Expression(Node given, OriginPtr place) : node(std::move(given)), origin(std::move(place)) {}
Expression::Expression(const Expression& other) = default;
Expression::Expression(Expression&& other) noexcept = default;
Expression& Expression::operator=(const Expression& other) = default;
Expression& Expression::operator=(Expression&& other) noexcept = default;
Expression::~Expression() = default;

Relation::Relation(Node given, std::optional<int64_t> id, OriginPtr place)
    : node(std::move(given)), plan_id(id), origin(std::move(place)) {}
Relation::Relation(const Relation& other) = default;
Relation::Relation(Relation&& other) noexcept = default;
Relation& Relation::operator=(const Relation& other) = default;
Relation& Relation::operator=(Relation&& other) noexcept = default;
Relation::~Relation() = default;

template <class T>
ExpressionPtr make_expression(T node, OriginPtr origin) {
  return std::make_shared<const Expression>(std::move(node), std::move(origin));
}

template <class T>
RelationPtr make_relation(T node, std::optional<int64_t> plan_id, OriginPtr origin) {
  return std::make_shared<const Relation>(std::move(node), plan_id, std::move(origin));
}

template ExpressionPtr make_expression(Expression::Node, OriginPtr);
template ExpressionPtr make_expression(Literal, OriginPtr);
template ExpressionPtr make_expression(Attribute, OriginPtr);
template ExpressionPtr make_expression(Star, OriginPtr);
template ExpressionPtr make_expression(RegexColumn, OriginPtr);
template ExpressionPtr make_expression(Call, OriginPtr);
template ExpressionPtr make_expression(Cast, OriginPtr);
template ExpressionPtr make_expression(Alias, OriginPtr);
template ExpressionPtr make_expression(SortOrder, OriginPtr);
template ExpressionPtr make_expression(Lambda, OriginPtr);
template ExpressionPtr make_expression(LambdaVariable, OriginPtr);
template ExpressionPtr make_expression(Window, OriginPtr);
template ExpressionPtr make_expression(ExtractValue, OriginPtr);
template ExpressionPtr make_expression(UpdateFields, OriginPtr);
template ExpressionPtr make_expression(NamedArgument, OriginPtr);
template ExpressionPtr make_expression(Subquery, OriginPtr);
template ExpressionPtr make_expression(ExpressionText, OriginPtr);
template ExpressionPtr make_expression(Parameter, OriginPtr);
template ExpressionPtr make_expression(IdentifierClause, OriginPtr);
template ExpressionPtr make_expression(PythonFunction, OriginPtr);
template RelationPtr make_relation(Relation::Node, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(NamedTable, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(DataSource, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(LocalRelation, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(CachedLocalRelation, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Range, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(InlineTable, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(OneRow, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(TableFunction, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(SqlText, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(CachedRemoteRelation, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Project, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Filter, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Having, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Qualify, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(WithColumns, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(WithColumnsRenamed, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Drop, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(ToDF, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(ToSchema, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(LateralView, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(SubqueryAlias, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Join, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(AsOfJoin, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(SetOperation, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Sort, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Limit, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Offset, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Tail, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Sample, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Repartition, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Hint, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Aggregate, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(PivotClause, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Unpivot, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Deduplicate, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Distinct, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Transpose, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(With, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(WithRelations, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(CollectMetrics, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(ShowString, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(HtmlString, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Summary, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Describe, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Crosstab, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Covariance, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Correlation, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(ApproxQuantile, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(FrequentItems, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(SampleBy, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(FillNull, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(DropNull, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(ReplaceValues, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Parse, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(CatalogQuery, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(CommandResult, std::optional<int64_t>, OriginPtr);
template RelationPtr make_relation(Unsupported, std::optional<int64_t>, OriginPtr);

}  // namespace plan

namespace resolved {

Expression::Expression(Node given, Type kind, bool may_be_null, OriginPtr place)
    : node(std::move(given)), type(std::move(kind)), nullable(may_be_null), origin(std::move(place)) {}
Expression::Expression(const Expression& other) = default;
Expression::Expression(Expression&& other) noexcept = default;
Expression& Expression::operator=(const Expression& other) = default;
Expression& Expression::operator=(Expression&& other) noexcept = default;
Expression::~Expression() = default;

Relation::Relation(Node given, std::vector<Column> columns) : node(std::move(given)), output(std::move(columns)) {}
Relation::Relation(const Relation& other) = default;
Relation::Relation(Relation&& other) noexcept = default;
Relation& Relation::operator=(const Relation& other) = default;
Relation& Relation::operator=(Relation&& other) noexcept = default;
Relation::~Relation() = default;

template <class T>
ExpressionPtr make_expression(T node, Type type, bool nullable, OriginPtr origin) {
  return std::make_shared<const Expression>(std::move(node), std::move(type), nullable, std::move(origin));
}

template <class T>
RelationPtr make_relation(T node, std::vector<Column> output) {
  return std::make_shared<const Relation>(std::move(node), std::move(output));
}

template ExpressionPtr make_expression(Literal, Type, bool, OriginPtr);
template ExpressionPtr make_expression(ColumnRef, Type, bool, OriginPtr);
template ExpressionPtr make_expression(Call, Type, bool, OriginPtr);
template ExpressionPtr make_expression(Cast, Type, bool, OriginPtr);
template ExpressionPtr make_expression(Lambda, Type, bool, OriginPtr);
template ExpressionPtr make_expression(LambdaRef, Type, bool, OriginPtr);
template ExpressionPtr make_expression(GetField, Type, bool, OriginPtr);
template ExpressionPtr make_expression(AggregateCall, Type, bool, OriginPtr);
template ExpressionPtr make_expression(WindowCall, Type, bool, OriginPtr);
template ExpressionPtr make_expression(Subquery, Type, bool, OriginPtr);
template RelationPtr make_relation(LocalData, std::vector<Column>);
template RelationPtr make_relation(InlineRows, std::vector<Column>);
template RelationPtr make_relation(OneRow, std::vector<Column>);
template RelationPtr make_relation(TableScan, std::vector<Column>);
template RelationPtr make_relation(FileScan, std::vector<Column>);
template RelationPtr make_relation(RangeScan, std::vector<Column>);
template RelationPtr make_relation(Project, std::vector<Column>);
template RelationPtr make_relation(Filter, std::vector<Column>);
template RelationPtr make_relation(Aggregate, std::vector<Column>);
template RelationPtr make_relation(Window, std::vector<Column>);
template RelationPtr make_relation(Join, std::vector<Column>);
template RelationPtr make_relation(SetOperation, std::vector<Column>);
template RelationPtr make_relation(Sort, std::vector<Column>);
template RelationPtr make_relation(Limit, std::vector<Column>);
template RelationPtr make_relation(Tail, std::vector<Column>);
template RelationPtr make_relation(Distinct, std::vector<Column>);
template RelationPtr make_relation(DistinctOn, std::vector<Column>);
template RelationPtr make_relation(Generate, std::vector<Column>);
template RelationPtr make_relation(Sample, std::vector<Column>);
template RelationPtr make_relation(WithCte, std::vector<Column>);
template RelationPtr make_relation(CteRef, std::vector<Column>);
template RelationPtr make_relation(RecursiveCte, std::vector<Column>);
template RelationPtr make_relation(Observe, std::vector<Column>);
template RelationPtr make_relation(ParseLines, std::vector<Column>);

}  // namespace resolved

}  // namespace pyrite

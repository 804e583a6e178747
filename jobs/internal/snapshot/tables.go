package snapshot

import "slices"

// The published tables, in the order of the contract.
const (
	Scores         = "scores"
	Metrics        = "metrics"
	Customers      = "customers"
	Services       = "services"
	Certifications = "certifications"
	Exclusions     = "exclusions"
)

// Type is a column type, spelled as in SQL.
type Type string

// The only types that published tables use. Points have two decimals, amounts of
// money and counts that share a column with money have six.
const (
	Date    Type = "DATE"
	Varchar Type = "VARCHAR"
	Boolean Type = "BOOLEAN"
	Integer Type = "INTEGER"
	BigInt  Type = "BIGINT"
	Points  Type = "DECIMAL(6,2)"
	Amounts Type = "DECIMAL(18,6)"
)

// Column is one column of a table. Nullable says whether a value may be absent,
// whatever the Parquet repetition is: the engine writes every column as optional.
type Column struct {
	Name     string
	Type     Type
	Nullable bool
}

// Table is the structure of one published table: its columns in file order and the
// key that files are sorted by and rows are unique in.
type Table struct {
	Name    string
	Columns []Column
	Key     []string
}

// Tables returns the published tables in the order of the contract.
func Tables() []Table {
	return []Table{
		{Name: Scores, Key: []string{"score_month", "partner_id", "solution_area"}, // one row per partner and solution area
			Columns: slices.Concat(columns(Date, "score_month"), columns(Varchar, "partner_id"), nullable(Varchar, "partner_name"),
				columns(Varchar, "solution_area", "track"),
				columns(Points, "total_points", "net_customer_adds_points", "intermediate_certifications_points"),
				nullable(Points, "advanced_certifications_points"), // null where not applicable
				columns(Points, "usage_growth_points", "deployments_points"), columns(Boolean, "qualifies"), columns(Points, "points_to_designation"),
				columns(Varchar, "blocking_metrics"), columns(Boolean, "rounding_sensitive", "provisional"), columns(Varchar, "rulebook"))},
		{Name: Metrics, Key: []string{"score_month", "partner_id", "solution_area", "metric"}, // one row per partner, solution area and metric
			Columns: slices.Concat(columns(Date, "score_month"), columns(Varchar, "partner_id", "solution_area", "metric"), columns(Boolean, "applicable"),
				nullable(Amounts, "current_value", "baseline_value", "measure"), nullable(Points, "points", "max_points"), columns(Varchar, "status", "reason"))},
		{Name: Customers, Key: []string{"score_month", "partner_id", "customer_tenant_id"}, // one row per partner and customer tenant
			Columns: slices.Concat(columns(Date, "score_month"), columns(Varchar, "partner_id", "customer_tenant_id"), nullable(Varchar, "customer_name"),
				columns(Amounts, "acr_current", "acr_previous", "acr_baseline", "acr_baseline_previous", "acr_ttm"),
				columns(Boolean, "eligible", "eligible_baseline"), columns(Varchar, "movement"), columns(Amounts, "shortfall_usd"))},
		{Name: Services, Key: []string{"score_month", "partner_id", "service_level_2"}, // one row per partner and service level 2
			Columns: slices.Concat(columns(Date, "score_month"), columns(Varchar, "partner_id", "service_level_2"), columns(Amounts, "acr_ttm"),
				columns(Integer, "customers"), columns(Boolean, "counted"), columns(Varchar, "reason"))},
		{Name: Certifications, // one row per holding that a step of a metric asks for
			Key: []string{"score_month", "partner_id", "solution_area", "metric", "step", "person_id", "certification"},
			Columns: slices.Concat(columns(Date, "score_month"), columns(Varchar, "partner_id", "solution_area", "metric"), columns(Integer, "step"),
				columns(Varchar, "person_id", "certification"), nullable(Date, "completed", "expires"), // no completion date is `not_yet`
				columns(Boolean, "counted"), columns(Varchar, "reason"))},
		{Name: Exclusions, Key: []string{"score_month", "usage_month", "class", "reason"}, // one row per usage month, class and reason
			Columns: slices.Concat(columns(Date, "score_month", "usage_month"), columns(Varchar, "class", "reason"), columns(BigInt, "rows"), columns(Amounts, "acr_usd"))},
	}
}

// lookup returns the table of that name.
func lookup(name string) (Table, bool) {
	for _, t := range Tables() {
		if t.Name == name {
			return t, true
		}
	}
	return Table{}, false
}

// columns are those of one type, which always have a value.
func columns(t Type, names ...string) (all []Column) {
	for _, name := range names {
		all = append(all, Column{Name: name, Type: t})
	}
	return all
}

// nullable are columns whose values may be absent.
func nullable(t Type, names ...string) []Column {
	all := columns(t, names...)
	for i := range all {
		all[i].Nullable = true
	}
	return all
}

package snapshot

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
	return []Table{scoresTable(), metricsTable(), customersTable(), servicesTable(), certificationsTable(), exclusionsTable()}
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

func column(name string, t Type) Column   { return Column{Name: name, Type: t} }
func nullable(name string, t Type) Column { return Column{Name: name, Type: t, Nullable: true} }

// scoresTable: one row per partner and solution area.
func scoresTable() Table {
	return Table{
		Name: Scores,
		Key:  []string{"score_month", "partner_id", "solution_area"},
		Columns: []Column{
			column("score_month", Date),
			column("partner_id", Varchar),
			nullable("partner_name", Varchar),
			column("solution_area", Varchar),
			column("track", Varchar),
			column("total_points", Points),
			column("net_customer_adds_points", Points),
			column("intermediate_certifications_points", Points),
			nullable("advanced_certifications_points", Points), // null where not applicable
			column("usage_growth_points", Points),
			column("deployments_points", Points),
			column("qualifies", Boolean),
			column("points_to_designation", Points),
			column("blocking_metrics", Varchar),
			column("rounding_sensitive", Boolean),
			column("provisional", Boolean),
			column("rulebook", Varchar),
		},
	}
}

// metricsTable: one row per partner, solution area and metric.
func metricsTable() Table {
	return Table{
		Name: Metrics,
		Key:  []string{"score_month", "partner_id", "solution_area", "metric"},
		Columns: []Column{
			column("score_month", Date),
			column("partner_id", Varchar),
			column("solution_area", Varchar),
			column("metric", Varchar),
			column("applicable", Boolean),
			nullable("current_value", Amounts),
			nullable("baseline_value", Amounts),
			nullable("measure", Amounts),
			nullable("points", Points),
			nullable("max_points", Points),
			column("status", Varchar),
			column("reason", Varchar),
		},
	}
}

// customersTable: one row per partner and customer tenant.
func customersTable() Table {
	return Table{
		Name: Customers,
		Key:  []string{"score_month", "partner_id", "customer_tenant_id"},
		Columns: []Column{
			column("score_month", Date),
			column("partner_id", Varchar),
			column("customer_tenant_id", Varchar),
			nullable("customer_name", Varchar),
			column("acr_current", Amounts),
			column("acr_previous", Amounts),
			column("acr_baseline", Amounts),
			column("acr_baseline_previous", Amounts),
			column("acr_ttm", Amounts),
			column("eligible", Boolean),
			column("eligible_baseline", Boolean),
			column("movement", Varchar),
			column("shortfall_usd", Amounts),
		},
	}
}

// servicesTable: one row per partner and service level 2.
func servicesTable() Table {
	return Table{
		Name: Services,
		Key:  []string{"score_month", "partner_id", "service_level_2"},
		Columns: []Column{
			column("score_month", Date),
			column("partner_id", Varchar),
			column("service_level_2", Varchar),
			column("acr_ttm", Amounts),
			column("customers", Integer),
			column("counted", Boolean),
			column("reason", Varchar),
		},
	}
}

// certificationsTable: one row per holding that a step of a metric asks for.
func certificationsTable() Table {
	return Table{
		Name: Certifications,
		Key:  []string{"score_month", "partner_id", "solution_area", "metric", "step", "person_id", "certification"},
		Columns: []Column{
			column("score_month", Date),
			column("partner_id", Varchar),
			column("solution_area", Varchar),
			column("metric", Varchar),
			column("step", Integer),
			column("person_id", Varchar),
			column("certification", Varchar),
			nullable("completed", Date), // no completion date is `not_yet`
			nullable("expires", Date),
			column("counted", Boolean),
			column("reason", Varchar),
		},
	}
}

// exclusionsTable: one row per usage month, class and reason.
func exclusionsTable() Table {
	return Table{
		Name: Exclusions,
		Key:  []string{"score_month", "usage_month", "class", "reason"},
		Columns: []Column{
			column("score_month", Date),
			column("usage_month", Date),
			column("class", Varchar),
			column("reason", Varchar),
			column("rows", BigInt),
			column("acr_usd", Amounts),
		},
	}
}

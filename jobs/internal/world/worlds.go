package world

import (
	"bytes"
	"maps"
	"testing"

	"partnerscore/scoring"
)

// Lately keeps the usage of so many months up to june and of later ones: history costs most of a score, and is not what most tests prove. A score must
// allow that it is missing: NoHistory.
func (w *World) Lately(months int) *World {
	maps.DeleteFunc(w.Usage, func(m scoring.Month, _ []Usage) bool { return m <= June.Add(-months) })
	return w
}

// Everything has rows in each of the six tables, and nulls in each column that may have them.
func Everything() *World {
	w := New()
	w.Add(June, Usage{Location: "base", Tenant: Tenant("b"), Name: "Ünïcode & \"Söhne\"; -- \t😀", Amount: "1234.567891", Service: "Key Vault"},
		Usage{Location: "base", Tenant: Tenant("c"), Amount: "-0.000001", Service: "Backup"},
		Usage{Location: "base", Offer: "Trial", Amount: "-5"})
	w.Hold(June, Holding{Global: "base", MCP: "m2", Title: "AZ-305", Completed: None}, Holding{Global: "base", MCP: "m3", Title: "AZ-305", Expires: "2024-01-01"},
		Holding{Global: "only-people", MCP: "m4", Title: "AZ-700"})
	w.Partners = []Location{{ID: "base", Global: "base", GlobalName: "Base"}, {ID: "only-people", Global: "only-people"}}
	return w
}

// Planted are people as exports name them; none of it may come out anywhere.
func Planted() []Holding {
	return []Holding{
		{Global: "base", MCP: "MCP-Plant-001", Email: "Secret.Person@plant.example.com", FirstName: "Plantfirst", LastName: "Plantlast", Title: "AZ-305"},
		{Global: "base", Email: " Only.Mail@plant.example.com\u00a0", FirstName: "Plantfirst", LastName: "Plantlast", Title: "AZ-104"},
		{Global: "base", Email: "ONLY.MAIL@plant.example.com", Title: "AZ-700"},
		{Location: "unknown", Email: "lost.soul@plant.example.com", FirstName: "Plantfirst", Title: "AZ-104"},
		{Global: "base", MCP: " mcp-plant-001", Email: "other.mail@plant.example.com", Title: "AZ-120"},
		{Global: "base", MCP: "mcp-plant-002", Email: "secret.person@plant.example.com", Title: "AZ-120"},
		{Global: "base", FirstName: "Plantfirst", LastName: "Plantlast", Title: "AZ-700"},
	}
}

// NoPlants fails when bytes hold anything that was planted, in any case or in UTF-16.
func NoPlants(t *testing.T, where string, data []byte) {
	t.Helper()
	lower := bytes.ToLower(data)
	for _, word := range []string{"plant", "secret.person", "only.mail", "lost.soul", "p\x00l\x00a\x00n\x00t", "@plant"} {
		if bytes.Contains(lower, []byte(word)) {
			t.Errorf("%s holds %q", where, word)
		}
	}
}

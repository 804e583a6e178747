package exports

import "testing"

func TestShownValue(t *testing.T) {
	for _, c := range []struct{ column, value, want string }{
		{"ACR_USD", "1,000.00", `, value "1,000.00"`},
		{"ACR_USD", "EUR 5", `, value "EUR 5"`},
		{"ACR_USD", "NaN", `, value "NaN"`},
		{"ACR_USD", "-1e400", `, value "-1e400"`},
		{"Month", "2024-13-01T00:00:00Z", `, value "2024-13-01T00:00:00Z"`},
		{"MPNId", "4711", `, value "4711"`},
		{"ACR_USD", "Contoso AG", `, value like "xxxxxxx xx"`},
		{"ACR_USD", "jo@contoso.com", `, value like "xx@xxxxxxx.xxx"`},
		{"ACR_USD", "@", `, value like "@"`},
		{"ACR_USD", "12345678-1234-1234-1234-123456789012", `, value like "99999999-9999-9999-9999-999999999999"`},
		{"ACR_USD", "12345678123412341234123456789012", `, value like "99999999999999999999999999999999"`},
		{"ACR_USD", "李雷", `, value like "xx"`},
		{"ACR_USD", "", ""},
		{"CustomerTenantId", "00000000-0000-0000-0000-000000000000", ""},
		{"TenantId", "7", ""},
		{"customer_tenant_id", "7", ""},
		{"CustomerName", "7", ""},
		{"CorpEmail", "7", ""},
		{"Individual First Name", "7", ""},
	} {
		if got := shownValue(c.column, c.value); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.column, c.value, got, c.want)
		}
	}
}

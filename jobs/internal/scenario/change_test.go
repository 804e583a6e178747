package scenario

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

func TestParseChanges(t *testing.T) {
	amount := scoring.USD(1_500_500_000)
	for text, want := range map[string]CustomersChange{"+2": {Number: 2}, "-10": {Number: -10}, "+1@1500.5": {Number: 1, Each: &amount}} {
		if have, err := ParseCustomers(text); err != nil || !gocmp.Equal(have, want) {
			t.Errorf("customers %s: %+v, %v", text, have, err)
		}
	}
	for text, want := range map[string]ACRChange{"+5%": {true, 5_000_000}, "-1200": {false, -1_200_000_000}, "+0.5%": {true, 500_000}, "+007": {false, 7_000_000}} {
		if have, err := ParseACR(text); err != nil || have != want {
			t.Errorf("ACR %s: %+v, %v", text, have, err)
		}
	}
	for text, want := range map[string]TenantChange{"*=+5%": {AllTenants, ACRChange{true, 5_000_000}}, "A=B Ltd.=-1": {"A=B Ltd.", ACRChange{false, -1_000_000}}} {
		if have, err := ParseTenantACR(text); err != nil || have != want {
			t.Errorf("tenant %s: %+v, %v", text, have, err)
		}
	}
	for text, want := range map[string]ServiceChange{"Key Vault": {Name: "Key Vault"}, "A=+B=+5": {"A=+B", 5_000_000}} {
		if have, err := ParseService(text); err != nil || have != want {
			t.Errorf("service %s: %+v, %v", text, have, err)
		}
	}
	for text, want := range map[string]CertificationChange{"AZ-104=2": {"AZ-104", "", 2}, "AZ-104=0123456789012345": {"AZ-104", "0123456789012345", 0}} {
		if have, err := ParseCertification(text); err != nil || have != want {
			t.Errorf("certification %s: %+v, %v", text, have, err)
		}
	}
	for _, text := range []string{"", "2", "+", "5%", "+5 %", "+1,000", "+1e3", "--1", "+1234567890123", "AZ-104", "=2", "AZ-104=", "+2@", "-2@5", "+2@x", "a=5", "*=", "-100.000001%", "*=-200%"} {
		if c, err := ParseCustomers(text); err == nil {
			t.Errorf("customers %q: %+v", text, c)
		}
		if c, err := ParseACR(text); err == nil {
			t.Errorf("ACR %q: %+v", text, c)
		}
		if c, err := ParseTenantACR(text); err == nil {
			t.Errorf("tenant %q: %+v", text, c)
		}
	}
	for _, text := range []string{"", " ", "=+5", "A=+x", "A=-5", "A=5", "A=-5%"} {
		if c, err := ParseService(text); err == nil {
			t.Errorf("service %q: %+v", text, c)
		}
	}
	for _, text := range []string{"+100000", "-100000", "+99999999999999999999", "-0", "+2@-5", "+2@0"} {
		if c, err := ParseCustomers(text); err == nil {
			t.Errorf("customers %q: %+v", text, c)
		}
	}
	for _, text := range []string{"AZ-104=0", "AZ-104=-1", "AZ-104=10000", "AZ-104=1000000"} {
		if c, err := ParseCertification(text); err == nil {
			t.Errorf("certification %q: %+v", text, c)
		}
	}
}

package scenario

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"partnerscore/scoring"
)

// Changes are a hypothesis about a published month. Amounts and percents are of what was published, so that their order does not matter.
type Changes struct {
	// Customers are gained, each consuming an amount in the month of services that count already, or lost: those of the eligible ones with
	// the least consumption, which lose the month and the one before.
	Customers []CustomersChange
	// LostCustomers are tenants that lose the consumption of the month and the one before.
	LostCustomers []string
	// ACR changes the consumption of the month as a whole: growth and the gate of twelve months see it, no customer and no service does.
	ACR []ACRChange
	// TenantACR changes the consumption of single tenants in the month, which may make them eligible or not; services do not change.
	TenantACR []TenantChange
	// AddedServices are used from the month on, and LostServices as if they had never been used in the twelve months.
	AddedServices []ServiceChange
	LostServices  []string
	// Force adds a service also where nobody uses one of its name and no rulebook names it.
	Force       bool
	Certified   []CertificationChange
	Uncertified []CertificationChange
	LostPeople  []string
	Rulebook    *scoring.Rulebook // nil: the one of the month
}

// CustomersChange is a number of customers more or fewer.
type CustomersChange struct {
	Number int64
	Each   *scoring.USD // consumption in the month of each one more; nil: what makes a customer eligible
}

// ACRChange is an amount more or less, or a percentage.
type ACRChange struct {
	Percent bool
	Value   scoring.USD // millionths of a US dollar, or of a percent
}

// TenantChange is a change of the consumption of one tenant, or of all tenants, in the month.
type TenantChange struct {
	Tenant string // "*": every tenant
	ACRChange
}

// ServiceChange is a service more, with what it adds to the consumption of the month; nothing: it takes the place of other consumption.
type ServiceChange struct {
	Name string
	ACR  scoring.USD
}

// CertificationChange is a certification that a person gains or loses.
type CertificationChange struct {
	Certification string // title or code
	Person        string // empty: new people
	People        int64
}

// AllTenants means every tenant in a TenantChange.
const AllTenants = "*"

var (
	customersText = regexp.MustCompile(`^([+-])([0-9]+)(?:@(.+))?$`)
	changeText    = regexp.MustCompile(`^([+-])([0-9]{1,12}(?:\.[0-9]{1,6})?)(%?)$`)
	peopleText    = regexp.MustCompile(`^[+-]?[0-9]{1,15}$`) // a person id has sixteen digits
	amountText    = regexp.MustCompile(`^[+-]?[0-9.,]+ *%?$`)
)

// The most that a change asks for at once; more is a slip of the keyboard.
const (
	mostCustomers = 99_999
	mostPeople    = 9_999
)

// ParseCustomers reads a number of customers like +2, -1, or +2@1500 for two of 1,500 US dollars each.
func ParseCustomers(text string) (c CustomersChange, err error) {
	parts := customersText.FindStringSubmatch(text)
	if parts == nil || parts[1] == "-" && parts[3] != "" {
		return c, fmt.Errorf("read customers %q: want +2, -1, or +2@1500 for two of 1,500 US dollars each", text)
	}
	if c.Number, err = strconv.ParseInt(parts[1]+parts[2], 10, 64); err != nil || c.Number == 0 || max(c.Number, -c.Number) > mostCustomers {
		return c, fmt.Errorf("read customers %q: want from 1 to 99,999 of them", text)
	}
	if parts[3] != "" {
		each, err := scoring.ParseUSD(parts[3])
		if err != nil {
			return c, err
		}
		if each <= 0 {
			return c, fmt.Errorf("read customers %q: want a consumption above 0 of each", text)
		}
		c.Each = &each
	}
	return c, nil
}

// ParseACR reads a change of consumption like +5%, +1200 or -99.50.
func ParseACR(text string) (c ACRChange, err error) {
	parts := changeText.FindStringSubmatch(text)
	if parts == nil {
		return c, fmt.Errorf("read change %q: want a sign and an amount in US dollars or a percentage, like +1200, -99.50 or +5%%", text)
	}
	value, err := scoring.ParseUSD(strings.TrimLeft(parts[1], "+") + trimZeros(parts[2]))
	if err != nil {
		return c, err
	}
	c = ACRChange{Percent: parts[3] != "", Value: value}
	if c.Percent && c.Value < -100*1_000_000 {
		return c, fmt.Errorf("read change %q: consumption cannot go down by more than 100 %%", text)
	}
	return c, nil
}

// trimZeros drops zeros in front of a number.
func trimZeros(digits string) string {
	for len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		digits = digits[1:]
	}
	return digits
}

// ParseTenantACR reads a tenant, by id or by name, and the change of its consumption, like TENANT=+500 or *=+5%.
func ParseTenantACR(text string) (c TenantChange, err error) {
	at := strings.LastIndexByte(text, '=') // names may have one
	if at < 1 {
		return c, fmt.Errorf("read change %q: want a customer by tenant id or name, or * for all, and a change, like %s=+500", text,
			"0f8fad5b-d9cb-469f-a165-70867728950e")
	}
	c.Tenant = text[:at]
	c.ACRChange, err = ParseACR(text[at+1:])
	return c, err
}

// ParseService reads a service, with what it adds to the consumption of the month, like 'Key Vault' or 'Key Vault=+500'.
func ParseService(text string) (c ServiceChange, err error) {
	c.Name = text
	if at := strings.LastIndex(text, "=+"); at >= 0 {
		c.Name = text[:at]
		if c.ACR, err = scoring.ParseUSD(text[at+2:]); err != nil {
			return c, err
		}
	} else if at := strings.LastIndexByte(text, '='); at >= 0 && amountText.MatchString(text[at+1:]) {
		return c, fmt.Errorf("read service %q: want what it adds to the consumption of the month, like %s=+500", text, text[:at])
	}
	if strings.TrimSpace(c.Name) == "" {
		return c, errors.New("want the name of a service, got nothing")
	}
	return c, nil
}

// ParseCertification reads a certification and who has it more or less, like AZ-104=2 for two new people, or AZ-104=PERSON.
func ParseCertification(text string) (c CertificationChange, err error) {
	at := strings.LastIndexByte(text, '=')
	if at < 1 || at == len(text)-1 {
		return c, fmt.Errorf("read certification %q: want a certification and a number of new people, or a person id, like AZ-104=2", text)
	}
	c.Certification, c.Person = text[:at], text[at+1:]
	if peopleText.MatchString(c.Person) {
		if c.People, err = strconv.ParseInt(c.Person, 10, 64); err != nil || c.People < 1 || c.People > mostPeople {
			return c, fmt.Errorf("read certification %q: want from 1 to 9,999 new people, or a person id of sixteen characters", text)
		}
		c.Person = ""
	}
	return c, nil
}

// of returns the change as an amount, given what it is a change of; percentages are rounded half away from zero at six decimals.
func (c ACRChange) of(amount scoring.USD) (scoring.USD, error) {
	if !c.Percent {
		return c.Value, nil
	}
	const hundredPercent = 100 * 1_000_000
	product := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(int64(c.Value)))
	half := big.NewInt(hundredPercent / 2)
	if product.Sign() < 0 {
		half.Neg(half)
	}
	product.Add(product, half).Quo(product, big.NewInt(hundredPercent))
	if !product.IsInt64() || tooLarge(scoring.USD(product.Int64())) {
		return 0, errTooLarge()
	}
	return scoring.USD(product.Int64()), nil
}

// text writes a change for people: up by 5 %, down by 1,200.00 USD.
func (c ACRChange) text() string {
	direction, size := "up by ", c.Value
	if c.Value < 0 {
		direction, size = "down by ", -size
	}
	if c.Percent {
		return direction + strings.TrimSuffix(size.String(), ".00") + " %"
	}
	return direction + size.String() + " USD"
}

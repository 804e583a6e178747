package monitor

import "os"

// Host is the name of this machine, "unknown" where it has none.
func Host() string {
	host, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return host
}

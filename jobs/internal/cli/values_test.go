package cli

import (
	"testing"
	"time"
)

func TestReadSize(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "0.5KB": 500, "1KB": 1000, "1KiB": 1024, "1Ki": 1024, "1 GB": 1_000_000_000, "512MiB": 512 << 20, "512Mi": 512 << 20,
		"1gb": 1_000_000_000, "2TiB": 2 << 40, "1.5GiB": 3 << 29, "134217728": 128 << 20, "7B": 7,
		"": 0, "0": 0, "0.1": 0, "-1": 0, "1XB": 0, "1G": 0, "GB": 0, "1e9": 0, "1,000": 0, " 1GB": 0, "1  GB": 0, "9999999999TB": 0, "0x10": 0,
	} {
		got, err := ReadSize(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("ReadSize(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestReadMemoryHasALeast(t *testing.T) {
	if _, err := ReadMemory("64MiB"); err != nil {
		t.Error(err)
	}
	if got, err := ReadMemory("63MiB"); err == nil {
		t.Errorf("ReadMemory accepts %d bytes", got)
	}
}

func TestReadRatio(t *testing.T) {
	for text, ok := range map[string]bool{
		"0": true, "1": true, "0.01": true, "1e-3": true, "-0.1": false, "1.01": false, "NaN": false, "Inf": false, "1%": false, "": false,
	} {
		if got, err := ReadRatio(text); (err == nil) != ok {
			t.Errorf("ReadRatio(%q) = %v, %v", text, got, err)
		}
	}
}

func TestReadDay(t *testing.T) {
	for text, ok := range map[string]bool{
		"2024-07-31": true, "2024-02-29": true, "2023-02-29": false, "2024-7-31": false, "0001-01-01": false, "31.07.2024": false, "": false,
	} {
		if got, err := ReadDay(text); (err == nil) != ok {
			t.Errorf("ReadDay(%q) = %v, %v", text, got, err)
		}
	}
}

func TestReadWait(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "30s": 30 * time.Second, "1h30m": 90 * time.Minute, "-1s": -1, "10": -1, "": -1} {
		got, err := ReadWait(text)
		if err == nil != (want >= 0) || err == nil && got != want {
			t.Errorf("ReadWait(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

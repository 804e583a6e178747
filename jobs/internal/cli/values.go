package cli

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// minMemory is the least that the SQL engine gets anything done with.
const minMemory = 64 << 20

// ReadText reads a text that may not be blank.
func ReadText(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errors.New("want a name, got nothing")
	}
	if strings.ContainsRune(text, 0) {
		return "", errors.New("want a name, got a NUL character in it")
	}
	return text, nil
}

// ReadLocal reads the path of a file or folder of this machine that is to be written. Addresses of object stores are refused: they would make a folder
// of that name.
func ReadLocal(text string) (string, error) {
	if strings.Contains(text, "://") {
		return "", fmt.Errorf("want a path on this machine, got the address %q", text)
	}
	return ReadText(text)
}

// ReadSwitch reads what an environment variable or the config file says of a switch.
func ReadSwitch(text string) (bool, error) {
	on, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("want true or false, got %q", text)
	}
	return on, nil
}

// ReadOneOf reads one of a few words.
func ReadOneOf(words ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(words, text) {
			return "", fmt.Errorf("want %s, got %q", strings.Join(words, " or "), text)
		}
		return text, nil
	}
}

// ReadNumber reads a whole number from 1 to most.
func ReadNumber(most int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			return 0, fmt.Errorf("want a whole number from 1 to %d, got %q", most, text)
		}
		return n, nil
	}
}

// ReadRatio reads a share from 0 to 1.
func ReadRatio(text string) (float64, error) {
	ratio, err := strconv.ParseFloat(text, 64)
	if err != nil || !(ratio >= 0 && ratio <= 1) {
		return 0, fmt.Errorf("want a share from 0 to 1 like 0.01 for one row in a hundred, got %q", text)
	}
	return ratio, nil
}

// ReadWait reads a time to wait.
func ReadWait(text string) (time.Duration, error) {
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 {
		return 0, fmt.Errorf("want a time like 0, 30s or 10m, got %q", text)
	}
	return wait, nil
}

// ReadDay reads a calendar day.
func ReadDay(text string) (*time.Time, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1900 {
		return nil, fmt.Errorf("want a day from 1900 on like 2024-07-31, got %q", text)
	}
	return &day, nil
}

// sizeText is a number and a unit.
var sizeText = regexp.MustCompile(`^([0-9]{1,18}(?:\.[0-9]{1,9})?) ?([A-Za-z]*)$`)

// ReadSize reads a number of bytes: 1GB is a thousand million, 1GiB (or 1Gi, as Kubernetes writes it) 1,073,741,824.
func ReadSize(text string) (int64, error) {
	wrong := fmt.Errorf("want a size like 1GB, 512MiB or a number of bytes, got %q", text)
	parts := sizeText.FindStringSubmatch(text)
	if parts == nil {
		return 0, wrong
	}
	unit, ok := sizeUnit(parts[2])
	number, read := new(big.Rat).SetString(parts[1])
	if !ok || !read {
		return 0, wrong
	}
	number.Mul(number, new(big.Rat).SetInt64(unit))
	bytes := new(big.Int).Quo(number.Num(), number.Denom())
	if bytes.Sign() <= 0 || !bytes.IsInt64() {
		return 0, wrong
	}
	return bytes.Int64(), nil
}

// sizeUnit returns the bytes of a unit.
func sizeUnit(name string) (int64, bool) {
	name = strings.ToUpper(name)
	for i, prefix := range []string{"K", "M", "G", "T"} {
		decimal, binary := int64(1000), int64(1024)
		for range i {
			decimal, binary = decimal*1000, binary*1024
		}
		switch name {
		case prefix + "B":
			return decimal, true
		case prefix + "IB", prefix + "I":
			return binary, true
		}
	}
	return 1, name == "" || name == "B"
}

// ReadMemory reads a size that is enough for the SQL engine.
func ReadMemory(text string) (int64, error) {
	size, err := ReadSize(text)
	if err == nil && size < minMemory {
		return 0, fmt.Errorf("want at least %d MiB, got %q", minMemory>>20, text)
	}
	return size, err
}

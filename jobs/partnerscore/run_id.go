package main

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// newRunID names a run: when it began, so that people can sort, and 32 random bits, so that two runs never have the same name.
func newRunID(now time.Time) string {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // never fails
	return now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(random)
}

package pipeline

import (
	"pgregory.net/rapid"
	"testing"
)

func TestX(t *testing.T) { rapid.Check(t, func(t *rapid.T) {}) }

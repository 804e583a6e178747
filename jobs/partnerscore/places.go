package main

import (
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
)

// places opens exports and snapshots, wherever an address says that they are.
func places(func(name string, done, total int64)) storage.Places { return local.Places{} }

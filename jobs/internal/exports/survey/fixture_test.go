package survey

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/scoring"
)

const (
	plainUsageHeader          = "MPNId,PartnerAttributionType,CustomerTenantId,ServiceLevel2,OfferType,ACR_USD"
	plainCertificationsHeader = "MpnId,MCPID,TrainingTitle,TrainingType,TrainingCompletionDate"
)

var june = scoring.NewMonth(2024, time.June)

// tree writes files below a new folder and returns it.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for rel, data := range files {
		write(t, filepath.Join(root, rel), data)
	}
	return root
}

func write(t testing.TB, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, root string, p exports.Patterns) *exports.Catalog {
	t.Helper()
	source, err := local.OpenSource(root)
	if err != nil {
		t.Fatal(err)
	}
	c, err := exports.Find(t.Context(), source, p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

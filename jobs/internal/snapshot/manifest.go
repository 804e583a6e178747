package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// Manifest says what a published month was made from, by which rules, and what it holds. It is written last: a month without a manifest is not
// published.
type Manifest struct {
	SchemaVersion int    `json:"schema_version"`
	RunID         string `json:"run_id"`
	ToolVersion   string `json:"tool_version"`
	// EngineVersion is the version of the SQL engine: the same rows may get other bytes
	// from another one.
	EngineVersion string        `json:"engine_version"`
	ScoreMonth    scoring.Month `json:"score_month"`
	Rulebook      RulebookRef   `json:"rulebook"`
	// Settings are those that can change a published value, by name.
	Settings map[string]any `json:"settings"`
	// InputsFingerprint is a hash of all inputs and of the rules that decide how they are read.
	InputsFingerprint string `json:"inputs_fingerprint"`
	// Inputs have paths relative to the exports, in the order that the run read them.
	Inputs []File `json:"inputs"`
	// Outputs have paths relative to the snapshots, in the order of Tables.
	Outputs []File `json:"outputs"`
	// Exclusions sum up the exclusions table over its usage months.
	Exclusions []Exclusion `json:"exclusions"`
	// FactsEngines names the engines that built the facts of the window. All give the same facts.
	FactsEngines []string `json:"facts_engines,omitempty"`
	// Substituted counts the rows of cost, by usage month, of which the effective cost counts because they have no list cost.
	Substituted []Substituted `json:"substituted_rows,omitempty"`
	// Provisional holds the reasons why the month may change; empty when it is final.
	Provisional []string `json:"provisional"`
	// MissingUsage are the months of the window without usage when the month was scored, oldest first.
	MissingUsage []scoring.Month `json:"missing_usage,omitempty"`
	Started      time.Time       `json:"started"`
	Finished     time.Time       `json:"finished"`
	Host         string          `json:"host"`
}

// RulebookRef names the rules: the id for people, the hash for the machine.
type RulebookRef struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

// File is one input or output file. SHA256 is lower-case hex of the whole file.
type File struct {
	Table  string `json:"table"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
	// KeyColumnsAbsent are columns of the consumption key that a usage input does not have: of its rows the same
	// consumption was recognised by the others.
	KeyColumnsAbsent []string `json:"key_columns_absent,omitempty"`
}

// Exclusion counts the usage rows left out for one reason.
type Exclusion struct {
	Class  string      `json:"class"`
	Reason string      `json:"reason"`
	Rows   int64       `json:"rows"`
	ACRUSD scoring.USD `json:"acr_usd"`
}

// Substituted counts the rows of cost of a usage month of which the effective cost counts: their list cost is zero or missing though a cost was
// charged, as where a reservation covers the usage.
type Substituted struct {
	Month scoring.Month `json:"usage_month"`
	Rows  int64         `json:"rows"`
	// ACRUSD is the effective cost of these rows.
	ACRUSD scoring.USD `json:"acr_usd"`
}

// VersionError reports a file that another version of the program wrote, which this one does not know.
type VersionError struct {
	Path string
	Got  int
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("read %s: schema version %d, this program knows version %d; use the program that wrote it", e.Path, e.Got, SchemaVersion)
}

// DamagedError reports a manifest that exists but cannot be decoded.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string { return fmt.Sprintf("read %s: %v", e.Path, e.Err) }

func (e *DamagedError) Unwrap() error { return e.Err }

// manifestFile is what a manifest was read from, to see later whether the file was replaced.
type manifestFile struct {
	data    []byte
	version string
}

func readManifest(ctx context.Context, files storage.Store, m scoring.Month) (*Manifest, manifestFile, error) {
	path := files.Where(ManifestRel(m))
	data, o, err := storage.ReadFile(ctx, files, ManifestRel(m))
	read := manifestFile{data, o.Version}
	if errors.Is(err, storage.ErrNotFile) {
		return nil, read, &DamagedError{Path: path, Err: storage.ErrNotFile}
	}
	if err != nil {
		return nil, read, fmt.Errorf("read manifest of %s: %w", m, err)
	}
	var man Manifest
	if err := decodeVersioned(path, data, &man); err != nil {
		return nil, read, err
	}
	if man.ScoreMonth != m {
		return nil, read, &DamagedError{Path: path, Err: fmt.Errorf("score_month is %s", man.ScoreMonth)}
	}
	return &man, read, nil
}

// decodeVersioned reads JSON strictly. The version is looked at first: a file of another version is not judged by the fields of this one.
func decodeVersioned(path string, data []byte, v any) error {
	var version struct {
		SchemaVersion *int `json:"schema_version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return &DamagedError{Path: path, Err: err}
	}
	if version.SchemaVersion == nil {
		return &DamagedError{Path: path, Err: errors.New("schema_version is missing")}
	}
	if *version.SchemaVersion != SchemaVersion {
		return &VersionError{Path: path, Got: *version.SchemaVersion}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	dec.UseNumber() // settings keep their numbers as written
	if err := dec.Decode(v); err != nil {
		return &DamagedError{Path: path, Err: err}
	}
	return nil
}

// encode writes the manifest indented and in field order; lists are never null.
func (m *Manifest) encode() ([]byte, error) {
	c := *m
	if c.Settings == nil {
		c.Settings = map[string]any{}
	}
	c.Inputs = orEmpty(c.Inputs)
	c.Outputs = orEmpty(c.Outputs)
	c.Exclusions = orEmpty(c.Exclusions)
	c.Provisional = orEmpty(c.Provisional)
	c.Started, c.Finished = c.Started.UTC(), c.Finished.UTC()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("encode manifest of %s: %w", m.ScoreMonth, err)
	}
	return buf.Bytes(), nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// sameSubstance says whether two manifests differ in nothing but who wrote them, where and when.
func sameSubstance(a, b *Manifest) (bool, error) {
	x, err := a.substance()
	if err != nil {
		return false, err
	}
	y, err := b.substance()
	return bytes.Equal(x, y), err
}

func (m *Manifest) substance() ([]byte, error) {
	c := *m
	c.RunID, c.Host = "", ""
	c.Started, c.Finished = time.Time{}, time.Time{}
	return c.encode()
}

// metadata is what the published file of a table must say about itself.
func (m *Manifest) metadata(table string) Metadata {
	return Metadata{
		Table: table, ScoreMonth: m.ScoreMonth, InputsFingerprint: m.InputsFingerprint,
		Rulebook: m.Rulebook.ID, RulebookSHA256: m.Rulebook.SHA256,
	}
}

// problems lists where the outputs of the manifest are not what the layout demands.
func (m *Manifest) problems() []string {
	var out []string
	tables := Tables()
	for i, f := range m.Outputs {
		switch {
		case i >= len(tables):
			out = append(out, fmt.Sprintf("output %s is one too many", f.Path))
		case f.Table != tables[i].Name:
			out = append(out, fmt.Sprintf("output %d is of table %q, not %q", i+1, f.Table, tables[i].Name))
		case f.Path != TableRel(f.Table, m.ScoreMonth):
			out = append(out, fmt.Sprintf("output %s has the path %q", f.Table, f.Path))
		}
	}
	for _, t := range tables[min(len(m.Outputs), len(tables)):] {
		out = append(out, fmt.Sprintf("output %s is missing", t.Name))
	}
	return out
}

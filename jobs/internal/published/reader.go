package published

import (
	"context"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Reader reads partners of published months, and what the cache behind them knows. Answers are computed with it, and know neither files nor
// engine: package reader has both.
type Reader interface {
	// Month returns a published month after a quick check of its files. The error is an *UnpublishedError, a *RulesError, a *DamagedError, or a
	// fault.Missing while it is being published.
	Month(ctx context.Context, m scoring.Month) (*Month, error)
	// Partner reads a partner of a published month. An empty id means the only partner of the month. The errors are those of Month, an
	// *UnknownError for a partner that the month does not have, and a *DamagedError when its rows contradict each other.
	Partner(ctx context.Context, m scoring.Month, id string) (*Partner, error)
	// Trend returns the scores of a partner with their metrics in every published month up to the one it was read of, by month and area id. A
	// month in which the partner has none is left out.
	Trend(ctx context.Context, p *Partner) ([]MonthScore, error)
	// Windows returns the qualification window of each area of a partner at the month it was read of.
	Windows(ctx context.Context, p *Partner) ([]Window, error)
	// Usage reads the facts of a partner for the window of its score.
	Usage(ctx context.Context, p *Partner) (*Usage, error)
	// Holdings reads who holds the certifications that rules ask for, which need not be those of the month. The error is a *NotKnownError when
	// the cache does not have them.
	Holdings(ctx context.Context, p *Partner, rules *scoring.Rulebook) ([]Held, error)
	// OtherServices lists at most n services that count for other partners of a month and not for this one, those of most customers first.
	OtherServices(ctx context.Context, m scoring.Month, id string, n int) ([]OtherService, error)
	// ServiceNames returns the services that any partner of a month uses, by their folded name.
	ServiceNames(ctx context.Context, m scoring.Month) (map[string]string, error)
	// Fold returns the form in which texts compare as labels.
	Fold(ctx context.Context, texts ...string) (map[string]string, error)
	// Library returns the built-in rulebooks.
	Library() *rulebook.Library
}

// Month is one published month: what its manifest says and the rules it was scored by.
type Month struct {
	ScoreMonth scoring.Month
	Manifest   *snapshot.Manifest
	Rules      *scoring.Rulebook
}

// Window returns the fourteen usage months of the score, oldest first.
func (m *Month) Window() []scoring.Month {
	var months []scoring.Month
	for u := m.ScoreMonth.Add(-13); u <= m.ScoreMonth; u++ {
		months = append(months, u)
	}
	return months
}

// SkillsAsOf returns the day on which certifications had to be held when the month was scored.
func (m *Month) SkillsAsOf() time.Time {
	text, _ := m.Manifest.Settings["skills_as_of"].(string)
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day
	}
	return m.ScoreMonth.Last()
}

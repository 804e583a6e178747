package main

import (
	"fmt"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"partnerscore/scoring"
)

// costLab runs the whole program over generated exports of many sizes.
type costLab struct {
	*testing.B
	dir, program, generator string
}

// cost is what one command took.
type cost struct {
	x      float64 // what was varied
	rows   int64   // that it read
	wall   time.Duration
	cpu    time.Duration
	memory int64 // bytes of the process, at most
}

// costCurve is the costs of one command while one thing is varied.
type costCurve struct {
	varied, fixed string
	logarithmic   bool // both axes: what grows with the rows is then a straight line
	points        []cost
}

// costLimit is the memory limit of the engine.
const costLimit = "1GB"

// BenchmarkCost measures what a score costs by rows, by the share of tenants that two attributions report, by partners and by months, each of
// them alone. It writes a table and a picture into the folder that PARTNERSCORE_BENCH_COST names, and takes some ten minutes.
func BenchmarkCost(b *testing.B) {
	out := os.Getenv("PARTNERSCORE_BENCH_COST")
	if out == "" {
		b.Skip("PARTNERSCORE_BENCH_COST names no folder")
	}
	lab := costLab{B: b, dir: b.TempDir()}
	lab.program, lab.generator = lab.build("."), lab.build("../../samples/generate")
	for b.Loop() {
		curves := []costCurve{lab.byRows(), lab.byTwice(), lab.byPartners(), lab.byMonths()}
		lab.write(filepath.Join(out, "cost.md"), costTable(curves))
		lab.write(filepath.Join(out, "cost.svg"), lab.picture(curves))
	}
}

func (l costLab) byRows() costCurve {
	c := costCurve{varied: "million rows", fixed: "one month, 500 partners, 8 % attributed twice", logarithmic: true}
	for _, rows := range []int64{100_000, 1_000_000, 10_000_000, 50_000_000} {
		c.points = append(c.points, l.scored(float64(rows)/1e6, rows, "--partners", "500", "--attributed-twice", "8"))
	}
	return c
}

func (l costLab) byTwice() costCurve {
	c := costCurve{varied: "% of tenants attributed twice", fixed: "one month of 10 M rows, 500 partners"}
	for _, twice := range []int{0, 8, 50, 100} {
		c.points = append(c.points, l.scored(float64(twice), 10_000_000, "--attributed-twice", strconv.Itoa(twice)))
	}
	return c
}

func (l costLab) byPartners() costCurve {
	c := costCurve{varied: "partners", fixed: "one month of 1 M rows, 5,000 tenants"}
	for _, partners := range []int{1, 10, 100, 1000} {
		c.points = append(c.points, l.scored(float64(partners), 1_000_000, "--partners", strconv.Itoa(partners), "--tenants", "5000"))
	}
	return c
}

// byMonths scores one further month where so many months of exports are there, all but the last of them scored.
func (l costLab) byMonths() costCurve {
	c := costCurve{varied: "months of exports", fixed: "one further month of 100,000 rows"}
	const rows = 100_000
	for _, months := range []int{15, 26, 38, 60} {
		last := scoring.NewMonth(2022, time.January).Add(months - 1)
		exports, snapshots := l.folder(), l.folder()
		l.run(l.generator, "--out", exports, "--rows-per-month", strconv.Itoa(rows), "--months", strconv.Itoa(months), "--last", last.String())
		l.run(l.program, "backfill", "--exports", exports, "--snapshots", snapshots, "--to", last.Add(-1).String(), "--memory-limit", costLimit)
		point := l.run(l.program, "score", "--exports", exports, "--snapshots", snapshots, "--month", last.String(), "--memory-limit", costLimit)
		point.x, point.rows = float64(months), rows
		c.points = append(c.points, point)
		l.remove(exports, snapshots)
	}
	return c
}

// scored scores one month of generated exports.
func (l costLab) scored(x float64, rows int64, sizes ...string) cost {
	exports, snapshots := l.folder(), l.folder()
	l.run(l.generator, append([]string{"--out", exports, "--months", "1", "--last", "2024-06", "--rows-per-month", fmt.Sprint(rows)}, sizes...)...)
	point := l.run(l.program, "score", "--exports", exports, "--snapshots", snapshots, "--month", "2024-06", "--allow-missing", "history",
		"--memory-limit", costLimit)
	point.x, point.rows = x, rows
	l.remove(exports, snapshots)
	return point
}

func (l costLab) build(pkg string) string {
	path := filepath.Join(l.dir, strings.Trim(strings.ReplaceAll(pkg, "/", "-"), ".")+"bin")
	l.run("go", "build", "-o", path, pkg)
	return path
}

func (l costLab) folder() string {
	dir, err := os.MkdirTemp(l.dir, "")
	if err != nil {
		l.Fatal(err)
	}
	return dir
}

func (l costLab) remove(dirs ...string) {
	for _, dir := range dirs {
		if err := os.RemoveAll(dir); err != nil {
			l.Error(err)
		}
	}
}

func (l costLab) run(name string, args ...string) cost {
	command := exec.CommandContext(l.Context(), name, args...)
	begun := time.Now()
	if output, err := command.CombinedOutput(); err != nil {
		l.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
	used := command.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{wall: time.Since(begun), cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime(), memory: used.Maxrss * 1024}
}

func (l costLab) write(path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		l.Fatal(err)
	}
}

// costTable lists the curves as Markdown.
func costTable(curves []costCurve) string {
	var text strings.Builder
	text.WriteString("| varied | fixed | | seconds | CPU seconds | CPU seconds a million rows read | memory, MiB |\n|---|---|---|---|---|---|---|\n")
	for _, c := range curves {
		for i, p := range c.points {
			varied, fixed := c.varied, c.fixed
			if i > 0 {
				varied, fixed = "", ""
			}
			fmt.Fprintf(&text, "| %s | %s | %g | %.1f | %.1f | %.2f | %d |\n", varied, fixed, p.x, p.wall.Seconds(), p.cpu.Seconds(),
				p.cpu.Seconds()/(float64(p.rows)/1e6), p.memory>>20)
		}
	}
	return text.String()
}

// picture draws the seconds of each curve beside each other.
func (l costLab) picture(curves []costCurve) string {
	const width, height = 270, 220
	canvas := vgsvg.New(vg.Length(width*len(curves)), height)
	page := draw.New(canvas)
	page.SetColor(color.White)
	page.Fill(page.Rectangle.Path())
	tiles := draw.Tiles{Rows: 1, Cols: len(curves), PadLeft: 6, PadRight: 10, PadTop: 6, PadBottom: 4, PadX: 14}
	for i, c := range curves {
		c.plot(l).Draw(tiles.At(page, i, 0))
	}
	var text strings.Builder
	if _, err := canvas.WriteTo(&text); err != nil {
		l.Fatal(err)
	}
	return text.String()
}

func (c costCurve) plot(l costLab) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.fixed, c.varied, "seconds"
	p.Title.TextStyle.Font.Size, p.X.Label.TextStyle.Font.Size, p.Y.Label.TextStyle.Font.Size = 8, 10, 10
	var xys plotter.XYs
	var ticks []plot.Tick
	for _, point := range c.points {
		xys = append(xys, plotter.XY{X: point.x, Y: point.wall.Seconds()})
		ticks = append(ticks, plot.Tick{Value: point.x, Label: strconv.FormatFloat(point.x, 'g', -1, 64)})
	}
	if last := c.points[len(c.points)-1]; c.points[0].x > 0 && last.x > 20*c.points[0].x {
		p.X.Scale = plot.LogScale{}
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	line, dots, err := plotter.NewLinePoints(xys)
	if err != nil {
		l.Fatal(err)
	}
	line.Color, dots.Color, dots.Shape = color.RGBA{R: 0x0b, G: 0x57, B: 0xa4, A: 0xff}, color.RGBA{R: 0x0b, G: 0x57, B: 0xa4, A: 0xff}, draw.CircleGlyph{}
	p.Add(plotter.NewGrid(), line, dots)
	p.Y.Min = 0
	if c.logarithmic {
		p.Y.Scale, p.Y.Min, p.Y.Max = plot.LogScale{}, 0.1, 100
		p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0.1, Label: "0.1"}, {Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 100, Label: "100"}}
	}
	return p
}

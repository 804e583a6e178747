package report

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// The colours of drawings on a light page. The style sheet looks for them to replace them on a dark one.
const (
	mutedHex  = 0x595f69
	gridHex   = 0xdcdfe4
	accentHex = 0x0b57a4
)

func rgb(hex uint32) color.Color {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff} //nolint:gosec // the byte is what is wanted
}

// drawing is a chart over months: one line, with another one behind it where there is something to compare with.
type drawing struct {
	words    wording.Words
	label    string // what the chart shows, for those who do not see it
	from, to scoring.Month
	top      float64 // of the vertical axis, which starts at 0
	ticks    []plot.Tick
	lines    []line
}

// line is a value a month. Months that are missing interrupt it.
type line struct {
	points []point
	behind bool // drawn thin and dashed, without dots
}

// point is the value of a month.
type point struct {
	month scoring.Month
	value float64
}

// Sizes in the units of the drawing, which are pixels where it stands in full width.
const (
	width, height = 340, 190
	textSize      = 11
	endRoom       = 26 // to the right of the last month, for its name
)

// svg draws the chart as an element to stand in a page.
func (d drawing) svg() (template.HTML, error) {
	p := plot.New()
	p.BackgroundColor = nil
	d.axes(p)
	for _, l := range d.lines {
		if err := d.add(p, l); err != nil {
			return "", fmt.Errorf("draw %s: %w", d.label, err)
		}
	}
	canvas := vgsvg.NewWith(vgsvg.UseWH(width, height))
	p.Draw(draw.Crop(draw.New(canvas), 8, -endRoom, 0, -4))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return "", fmt.Errorf("draw %s: %w", d.label, err)
	}
	return d.element(b.String())
}

// element turns a file that holds a drawing into an element of a page: without prolog, sized by the page, with a label.
func (d drawing) element(file string) (template.HTML, error) {
	_, rest, found := strings.Cut(file, "<svg")
	_, body, closed := strings.Cut(rest, ">")
	if !found || !closed {
		return "", fmt.Errorf("draw %s: the drawing has no svg element", d.label)
	}
	open := fmt.Sprintf(`<svg class="chart" role="img" aria-label="%s" viewBox="0 0 %d %d">`, html.EscapeString(d.label), width, height)
	return template.HTML(open + body), nil //nolint:gosec // drawn by the library from numbers and escaped texts
}

// axes sets the ranges, the grid and the words along the axes.
func (d drawing) axes(p *plot.Plot) {
	words := font.Font{Typeface: "Liberation", Variant: "Sans", Size: textSize}
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 4
		axis.LineStyle.Width = 0
		axis.Tick.LineStyle.Width = 0
		axis.Tick.Length = 2
		axis.Tick.Label.Font = words
		axis.Tick.Label.Color = rgb(mutedHex)
	}
	p.X.Min, p.X.Max, p.X.Tick.Marker = 0, max(1, float64(d.to-d.from)), plot.ConstantTicks(d.monthTicks())
	p.Y.Min, p.Y.Max, p.Y.Tick.Marker = 0, d.top, plot.ConstantTicks(d.ticks)
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal = draw.LineStyle{Color: rgb(gridHex), Width: 1}
	p.Add(grid)
}

// monthTicks names three months or so: the first, the last, and what lies between where it does not crowd them.
func (d drawing) monthTicks() []plot.Tick {
	tick := func(m scoring.Month) plot.Tick {
		return plot.Tick{Value: float64(m - d.from), Label: d.words.ShortMonth(m)}
	}
	if d.from == d.to {
		return []plot.Tick{tick(d.to)}
	}
	if d.to-d.from < 5 {
		return []plot.Tick{tick(d.from), tick(d.to)}
	}
	return []plot.Tick{tick(d.from), tick(d.from + (d.to-d.from)/2), tick(d.to)}
}

// add draws a line, piece by piece where months are missing.
func (d drawing) add(p *plot.Plot, l line) error {
	style := draw.LineStyle{Color: rgb(accentHex), Width: 2}
	if l.behind {
		style = draw.LineStyle{Color: rgb(mutedHex), Width: 1.5, Dashes: []vg.Length{3, 3}}
	}
	for _, piece := range l.pieces() {
		stroke, err := plotter.NewLine(d.coordinates(piece))
		if err != nil {
			return err
		}
		stroke.LineStyle = style
		p.Add(stroke)
		if l.behind {
			continue
		}
		dots, err := plotter.NewScatter(d.coordinates(piece))
		if err != nil {
			return err
		}
		dots.GlyphStyle = draw.GlyphStyle{Color: rgb(accentHex), Radius: 3.2, Shape: dot{}}
		p.Add(dots)
	}
	return nil
}

func (d drawing) coordinates(points []point) plotter.XYs {
	all := make(plotter.XYs, len(points))
	for i, at := range points {
		all[i] = plotter.XY{X: float64(at.month - d.from), Y: at.value}
	}
	return all
}

// pieces cuts a line where a month is missing.
func (l line) pieces() (all [][]point) {
	start := 0
	for i := range l.points {
		if i+1 == len(l.points) || l.points[i+1].month != l.points[i].month+1 {
			all = append(all, l.points[start:i+1])
			start = i + 1
		}
	}
	return all
}

// dot is a filled dot with a line around it.
type dot struct{}

// DrawGlyph draws the dot; it is part of draw.GlyphDrawer.
func (dot) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	path := vg.Path{}
	path.Move(vg.Point{X: at.X + style.Radius, Y: at.Y})
	path.Arc(at, style.Radius, 0, 2*math.Pi)
	path.Close()
	c.SetColor(style.Color)
	c.Fill(path)
	c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: 1.6})
	c.Stroke(path)
}

package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"verbatim/answer/guard"
	"verbatim/retrieval/corpus"
)

// Figures of the guard: the share of right points that it keeps and of wrong
// ones that it stops.
const (
	GuardKept    = "guard_kept"
	GuardStopped = "guard_stopped"
)

// GuardPoint is a point as a model might write it over sentences, with whether
// it says what they say.
type GuardPoint struct {
	Sentences []string      `json:"sentences"`
	Outlets   []string      `json:"outlets"`   // of each sentence; may be absent
	Published []corpus.Date `json:"published"` // of each sentence; may be absent
	Question  string        `json:"question"`
	Point     string        `json:"point"`
	Cites     []int         `json:"cites"` // numbers of sentences, from 1
	Right     bool          `json:"right"`
	Kind      string        `json:"kind"`
}

// GuardOutcome is what the guard made of a point.
type GuardOutcome struct {
	GuardPoint
	Kept   bool
	Reason string // why it was stopped
}

// ReadGuardPoints reads points from JSON Lines.
func ReadGuardPoints(r io.Reader) ([]GuardPoint, error) {
	var out []GuardPoint
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for line := 1; s.Scan(); line++ {
		var p GuardPoint
		if err := json.Unmarshal(s.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("read the points: line %d: %w", line, err)
		}
		out = append(out, p)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read the points: %w", err)
	}
	return out, nil
}

// RunGuard passes points through the guard. The report's ByType holds the
// figures of each kind.
func RunGuard(points []GuardPoint) (*Report, []GuardOutcome) {
	r := &Report{Questions: len(points), ByType: make(map[string]map[string]Figure)}
	out := make([]GuardOutcome, len(points))
	kinds := make(map[string][]GuardOutcome)
	for i, p := range points {
		out[i] = p.judge()
		kinds[p.Kind] = append(kinds[p.Kind], out[i])
	}
	r.Figures = guardFigures(out)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		r.ByType[kind] = guardFigures(kinds[kind])
	}
	return r, out
}

func (p GuardPoint) judge() GuardOutcome {
	out := GuardOutcome{GuardPoint: p}
	sentences := make([]guard.Sentence, len(p.Sentences))
	for i, text := range p.Sentences {
		sentences[i].Text = text
		if i < len(p.Outlets) {
			sentences[i].Speaker = p.Outlets[i]
		}
		if i < len(p.Published) {
			sentences[i].Published = p.Published[i]
		}
	}
	clean, reason := guard.Clean(guard.Point{Text: p.Point, Sentences: p.Cites})
	if reason == "" {
		_, reason = guard.Check(p.Question, clean, sentences)
	}
	out.Kept, out.Reason = reason == "", reason
	return out
}

func guardFigures(all []GuardOutcome) map[string]Figure {
	var right, kept, wrong, stopped int
	for _, o := range all {
		switch {
		case o.Right && o.Kept:
			right, kept = right+1, kept+1
		case o.Right:
			right++
		case o.Kept:
			wrong++
		default:
			wrong, stopped = wrong+1, stopped+1
		}
	}
	out := make(map[string]Figure)
	if right > 0 {
		out[GuardKept] = shareOf(kept, right)
	}
	if wrong > 0 {
		out[GuardStopped] = shareOf(stopped, wrong)
	}
	return out
}

// shareOf returns k of n with its 95 % interval (Wilson 1927).
func shareOf(k, n int) Figure {
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	centre, spread := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Figure{Value: p, N: n, Low: max(0, (centre-spread)/(1+z*z/m)), High: min(1, (centre+spread)/(1+z*z/m))}
}

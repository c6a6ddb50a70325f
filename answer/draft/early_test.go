package draft

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verbatim/answer/guard"
)

// early hands over the points of first before it returns as a scripted model
// does.
type early struct {
	*scripted
	first []guard.Point
}

func (e *early) ask(ctx context.Context, b Brief, point func(guard.Point)) (Draft, error) {
	for _, p := range e.first {
		if point != nil {
			point(p)
		}
	}
	return e.scripted.ask(ctx, b, point)
}

// TestEarlyPointsStand holds that what was shown before the end is in the
// answer with its text and sentences, that the answer is the same as of a model
// that hands over all at once, and that what does not pass is never shown.
func TestEarlyPointsStand(t *testing.T) {
	rounds := [][]guard.Point{{twoMillion, fiveBuses, {Text: "Rain fell in the evening.", Sentences: []int{3}}}, {fourBuses}}
	whole, err := write(t.Context(), drafts(rounds...).ask, townBrief(), nil)
	if err != nil || len(whole.Points) != 3 {
		t.Fatal(whole, err)
	}
	for n := range len(rounds[0]) + 1 {
		m := &early{drafts(rounds...), rounds[0][:n]}
		var shown []guard.Point
		w, err := write(t.Context(), m.ask, townBrief(), func(points []guard.Point) {
			if len(m.briefs) == 0 && len(points) > n {
				t.Errorf("%q was shown before it came", points[n].Text)
			}
			if len(points) != len(shown)+1 {
				t.Errorf("%d points are shown after %d", len(points), len(shown))
			}
			if diff := cmp.Diff(shown, points[:len(shown):len(shown)], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%d early: what was shown has changed: %s", n, diff)
			}
			shown = nil
			for _, p := range points {
				shown = append(shown, guard.Point{Text: p.Text, Sentences: slices.Clone(p.Sentences)})
			}
			points[0].Text, points[0].Sentences[0] = "mine", 9 // whoever is told may keep it
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.Points, w.Points) + cmp.Diff(whole.Sentences, w.Sentences); diff != "" {
			t.Errorf("%d early: %s", n, diff)
		}
		for _, p := range shown {
			if !slices.ContainsFunc(w.Points, func(q guard.Point) bool { return samePoint(p, q) }) {
				t.Errorf("%d early: %+v was shown and is gone", n, p)
			}
		}
		if w.Replaced != 0 || len(m.briefs) != 2 || w.Withdrawn != 0 || len(shown) != 3 {
			t.Errorf("%d early: got %+v after %d calls", n, w, len(m.briefs))
		}
	}
}

// TestEarlyPointsAreWithdrawn holds that points that were shown are counted as
// withdrawn if the model fails after them, and nothing of it is left.
func TestEarlyPointsAreWithdrawn(t *testing.T) {
	b := townBrief([]string{"A cinema opened in May.", "Fares rose by 5%."})
	cut := &Failure{Reader: "It was cut.", Err: errors.New("cut")}
	for name, c := range map[string]struct {
		first     []guard.Point
		draft     Draft
		err       error
		withdrawn int
	}{
		"cut":             {[]guard.Point{fourBuses}, Draft{}, cut, 1},
		"cut after two":   {[]guard.Point{fourBuses, fiveBuses, twoMillion}, Draft{}, cut, 2},
		"nothing shown":   {[]guard.Point{fiveBuses}, Draft{}, cut, 0},
		"too long":        {[]guard.Point{fourBuses}, Draft{}, fmt.Errorf("%w: %w", ErrModel, ErrContextLength), 1},
		"other points":    {[]guard.Point{fourBuses}, Draft{Verdict: Answered, Points: []guard.Point{twoMillion}}, nil, 1},
		"other sentences": {[]guard.Point{fourBuses}, Draft{Verdict: Answered, Points: []guard.Point{{Text: fourBuses.Text, Sentences: []int{1, 2}}}}, nil, 1},
		"no answer":       {[]guard.Point{fourBuses}, Draft{Verdict: NotAnswered, Points: []guard.Point{fourBuses}}, nil, 1},
	} {
		m := &early{&scripted{draft: func(Brief) (Draft, error) { return c.draft, c.err }}, c.first}
		w, err := write(t.Context(), m.ask, b, nil)
		if !errors.Is(err, ErrModel) || w.Withdrawn != c.withdrawn || len(w.Points) != 0 || len(w.Sentences) != 0 || len(m.briefs) != 1 {
			t.Errorf("%s: got %+v, %v after %d calls", name, w, err, len(m.briefs))
		}
		if line := ReaderLine(err); line == "" || strings.Contains(line, "buses") {
			t.Errorf("%s: the reader's line is %q", name, line)
		}
	}
}

// TestEarlyAndRejected holds that points that came early and did not pass
// hold up nothing: another whole draft is taken as it is.
func TestEarlyAndRejected(t *testing.T) {
	draft := Draft{Verdict: Answered, Points: []guard.Point{fourBuses}}
	m := &early{&scripted{draft: func(Brief) (Draft, error) { return draft, nil }}, []guard.Point{fiveBuses}}
	w, err := write(t.Context(), m.ask, townBrief(), nil)
	if err != nil || len(w.Points) != 1 || w.Replaced != 0 || len(m.briefs) != 1 {
		t.Errorf("got %+v, %v after %d calls", w, err, len(m.briefs))
	}
	draft = Draft{Verdict: NotAnswered}
	w, err = write(t.Context(), m.ask, townBrief(), nil)
	if err != nil || w.Verdict != NotAnswered || len(w.Points) != 0 {
		t.Errorf("no answer: got %+v, %v", w, err)
	}
}

// TestRepeatedPoints holds that a point that a model sends twice is printed
// once, whether it comes early, at the end or in a repair.
func TestRepeatedPoints(t *testing.T) {
	again := guard.Point{Text: "The town bought **four** buses [1]", Sentences: []int{1, 2}}
	for n := range 5 {
		m := &early{drafts([]guard.Point{fourBuses, again, fiveBuses, fourBuses}, []guard.Point{again, twoMillion}), nil}
		m.first = []guard.Point{fourBuses, again, fiveBuses, fourBuses}[:n]
		w, err := write(t.Context(), m.ask, townBrief(), nil)
		if diff := cmp.Diff([]guard.Point{fourBuses, twoMillion}, w.Points); err != nil || diff != "" || len(w.Notes) != 0 {
			t.Errorf("%d early: %+v, %v: %s", n, w, err, diff)
		}
	}
}

// earlyOf feeds text in parts of n bytes.
func earlyOf(text string, n int) (out []guard.Point) {
	var e EarlyPoints
	for len(text) > 0 {
		part := text[:min(n, len(text))]
		out, text = append(out, e.Next(part)...), text[len(part):]
	}
	return out
}

func TestEarlyPoints(t *testing.T) {
	const both = `{"verdict": "answered", "points": [{"text": "A \"[{\".", "sentences": [1, 2]}, {"text": "B.", "sentences": ["3"]}]}`
	a, b := guard.Point{Text: `A "[{".`, Sentences: []int{1, 2}}, guard.Point{Text: "B.", Sentences: []int{3}}
	long := strings.Repeat("I wonder. ", 40)
	for name, c := range map[string]struct {
		text string
		want []guard.Point
	}{
		"plain":                   {both, []guard.Point{a, b}},
		"in a fence":              {"```json\n" + both + "\n```", []guard.Point{a, b}},
		"after a remark":          {"Here is {the} JSON: " + both, []guard.Point{a, b}},
		"after thinking":          {"<think>\n" + long + `{"verdict": "answered", "points": [{"text":"No.","sentences":[1]}]}` + "</think>\n" + both, []guard.Point{a, b}},
		"after shouted thinking":  {"<THINK>" + both + "</Think>" + both, []guard.Point{a, b}},
		"after unopened thinking": {long + both + "</think>" + both, []guard.Point{a, b}},
		"after another object":    {`{"plan": {"points": [{"text":"No.","sentences":[1]}]}} ` + both, []guard.Point{a, b}},
		"cut in a point":          {both[:strings.Index(both, `"B.`)], []guard.Point{a}},
		"cut after a point":       {both[:strings.Index(both, `, {"text": "B`)], []guard.Point{a}},
		"broken after a point":    {both[:strings.Index(both, `"B.`)] + "}]" + both, []guard.Point{a}},
		"answers as text":         {`{"verdict":"yes","points":[{"text":"B.","sentences":3}]}`, []guard.Point{b}},
		"told twice":              {`{"verdict":"answered","points":[{"text":"B.","sentences":3}],"points":[{"text":"C.","sentences":3}]}`, []guard.Point{b}},
		"two objects":             {both + both, []guard.Point{a, b}},
		// What is not sure is left to the end.
		"thinking not closed": {"<think>" + both, nil},
		"a long remark":       {long + both, nil},
		"does not answer":     {strings.Replace(both, "answered", "no", 1), nil},
		"does not say first":  {`{"points":[{"text":"B.","sentences":[3]}],"verdict":"answered"}`, nil},
		"within a list":       {`{"verdict":"answered","all":[{"points":[{"text":"B.","sentences":[3]}]}]}`, nil},
		"points of text":      {`{"verdict":"answered","points":["B."]}`, nil},
		"numbers":             {`{"verdict":"answered","points":7}`, nil},
		"too deep":            {`{"verdict":"answered","points":[` + strings.Repeat(`{"a":`, 1000), nil},
		"no JSON":             {"B. {answers: true, points: []}", nil},
		"a point as a text":   {`{"verdict":"answered","points":[{"text":["B."],"sentences":[3]}]}`, nil},
	} {
		for _, n := range []int{1, 7, 1 << 20} {
			if diff := cmp.Diff(c.want, earlyOf(c.text, n)); diff != "" {
				t.Errorf("%s, in parts of %d: %s", name, n, diff)
			}
		}
	}
	many := `{"verdict":"answered","points":[` + strings.Repeat(`{"text":"B.","sentences":[3]},`, 50)
	if got := earlyOf(many, 3); len(got) != MaxPoints {
		t.Errorf("%d points of 50 came early", len(got))
	}
}

// FuzzEarlyPoints holds that the points do not depend on how the text is cut,
// and that where a whole answer is one object they are its first ones.
func FuzzEarlyPoints(f *testing.F) {
	f.Add(`{"verdict": "answered", "points": [{"text": "A.", "sentences": [1, 2]}, {"text": "B.", "sentences": ["3"]}]}`, 3)
	f.Add("<think>{</think>```json\n{\"verdict\":\"yes\",\"points\":[{\"text\":\"\\u00e9\\\\\",\"sentences\":1}]}\n```", 1)
	f.Add(`{"a":{"b":[1,{}]},"verdict":"answered","points":[{"text":"A.","x":[{"y":"}"}],"sentences":[]}`, 2)
	f.Fuzz(func(t *testing.T, text string, n int) {
		n = max(1, n%64)
		got := earlyOf(text, n)
		if diff := cmp.Diff(earlyOf(text, len(text)+1), got); diff != "" {
			t.Fatalf("in parts of %d: %s", n, diff)
		}
		whole, err := ParseDraft(text)
		if err != nil || strings.Count(text, `"points"`) != 1 || strings.Count(text, `"verdict"`) != 1 || strings.ContainsAny(text, "\\<") || strings.Count(text, "{") != 1+len(whole.Points) {
			return
		}
		if len(got) > len(whole.Points) {
			t.Fatalf("%d points came early, %d in all", len(got), len(whole.Points))
		}
		if diff := cmp.Diff(whole.Points[:len(got)], got); len(got) > 0 && (diff != "" || whole.Verdict != Answered) {
			t.Fatalf("verdict %s: %s", whole.Verdict, diff)
		}
	})
}

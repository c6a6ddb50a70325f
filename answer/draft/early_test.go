package answer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verbatim/retrieval/corpus"
)

// early is a Streamer that hands over the points of first before it returns
// as a scripted model does.
type early struct {
	*scripted
	first []DraftPoint
}

func (e *early) DraftStream(ctx context.Context, b Brief, point func(DraftPoint)) (Draft, error) {
	for _, p := range e.first {
		point(p)
	}
	return e.Draft(ctx, b)
}

var (
	fourBuses  = DraftPoint{"The town bought four buses.", []int{1}}
	fiveBuses  = DraftPoint{"The town bought five buses.", []int{1}}
	twoMillion = DraftPoint{"The mayor said the buses cost 2 million dollars.", []int{2}}
)

// onQuotes checks that points are numbered over chosen, which is in order,
// and returns each with the indices in spans of its quotes.
func onQuotes(t *testing.T, points []Point, chosen []int) []Point {
	t.Helper()
	var out []Point
	needed := map[int]bool{}
	for _, p := range points {
		q := Point{Text: p.Text}
		for _, n := range p.Quotes {
			if n < 1 || n > len(chosen) {
				t.Fatalf("%q stands on quote %d of %d", p.Text, n, len(chosen))
			}
			needed[chosen[n-1]] = true
			q.Quotes = append(q.Quotes, chosen[n-1])
		}
		out = append(out, q)
	}
	if len(needed) != len(chosen) || !slices.IsSorted(chosen) {
		t.Errorf("the quotes are %v, needed are %v", chosen, needed)
	}
	return out
}

// TestEarlyPointsStand holds that what was shown before the end is in the
// answer with its text and quotes, that each view is numbered in order, that
// the answer is the same as of a model that hands over all at once, and that
// what does not pass is never shown.
func TestEarlyPointsStand(t *testing.T) {
	spans := quotesOf(t, town)
	rounds := [][]DraftPoint{{twoMillion, fiveBuses, fourBuses}, {{"Rain fell in the evening.", []int{3}}}}
	whole, err := WithModel(t.Context(), drafts(rounds...), Brief{Question: busQuestion}, spans, ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(rounds[0]) + 1 {
		m := &early{drafts(rounds...), rounds[0][:n]}
		var shown []Point
		d, err := WithModel(t.Context(), m, Brief{Question: busQuestion}, spans, ModelOptions{OnPoints: func(points []Point, chosen []int) {
			if len(m.briefs) == 0 && len(points) > n {
				t.Errorf("%q was shown before it came", points[n].Text)
			}
			now := onQuotes(t, points, chosen)
			if len(now) != len(shown)+1 {
				t.Errorf("%d points are shown after %d", len(now), len(shown))
			}
			if diff := cmp.Diff(shown, now[:len(shown):len(shown)], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%d early: what was shown has changed: %s", n, diff)
			}
			shown = now
			points[0].Text, points[0].Quotes[0], chosen[0] = "mine", 9, 9 // whoever is told may keep it
		}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.Points, d.Points) + cmp.Diff(whole.Chosen, d.Chosen) + cmp.Diff(onQuotes(t, d.Points, d.Chosen), shown); diff != "" {
			t.Errorf("%d early: %s", n, diff)
		}
		if d.Dropped != whole.Dropped || len(m.briefs) != 2 || d.Withdrawn != 0 {
			t.Errorf("%d early: got %+v after %d calls", n, d, len(m.briefs))
		}
	}
}

// TestEarlyPointsAreWithdrawn holds that points that were shown are counted as
// withdrawn where the model fails after them, and nothing of it is left.
func TestEarlyPointsAreWithdrawn(t *testing.T) {
	spans := quotesOf(t, town, []string{"A cinema opened in May.", "Fares rose by 5%."})
	cut := &Failure{Reader: "It was cut.", Err: errors.New("cut")}
	for name, c := range map[string]struct {
		first     []DraftPoint
		draft     Draft
		err       error
		withdrawn int
	}{
		"cut":             {[]DraftPoint{fourBuses}, Draft{}, cut, 1},
		"cut after two":   {[]DraftPoint{fourBuses, fiveBuses, twoMillion}, Draft{}, cut, 2},
		"nothing shown":   {[]DraftPoint{fiveBuses}, Draft{}, cut, 0},
		"too long":        {[]DraftPoint{fourBuses}, Draft{}, fmt.Errorf("%w: %w", ErrModel, ErrTooLong), 1},
		"other points":    {[]DraftPoint{fourBuses}, Draft{Answers: true, Points: []DraftPoint{twoMillion}}, nil, 1},
		"other sentences": {[]DraftPoint{fourBuses}, Draft{Answers: true, Points: []DraftPoint{{fourBuses.Text, []int{1, 2}}}}, nil, 1},
		"no answer":       {[]DraftPoint{fourBuses}, Draft{Points: []DraftPoint{fourBuses}}, nil, 1},
	} {
		m := &early{&scripted{draft: func(Brief) (Draft, error) { return c.draft, c.err }}, c.first}
		d, err := WithModel(t.Context(), m, Brief{Question: busQuestion}, spans, ModelOptions{})
		if !errors.Is(err, ErrModel) || d.Withdrawn != c.withdrawn || len(d.Points) != 0 || len(d.Quotes) != 0 || len(m.briefs) != 1 {
			t.Errorf("%s: got %+v, %v after %d calls", name, d, err, len(m.briefs))
		}
		if line := ReaderLine(err); line == "" || strings.Contains(line, "buses") {
			t.Errorf("%s: the reader's line is %q", name, line)
		}
	}
}

// TestEarlyAndRejected holds that points that came early and did not pass
// hold up nothing: another whole draft is taken as it is.
func TestEarlyAndRejected(t *testing.T) {
	draft := Draft{Answers: true, Points: []DraftPoint{fourBuses}}
	m := &early{&scripted{draft: func(Brief) (Draft, error) { return draft, nil }}, []DraftPoint{fiveBuses}}
	d, err := WithModel(t.Context(), m, Brief{Question: busQuestion}, quotesOf(t, town), ModelOptions{})
	if err != nil || len(d.Points) != 1 || d.Dropped != 0 || len(m.briefs) != 1 {
		t.Errorf("got %+v, %v after %d calls", d, err, len(m.briefs))
	}
	draft = Draft{}
	d, err = WithModel(t.Context(), m, Brief{Question: busQuestion}, quotesOf(t, town), ModelOptions{})
	if err != nil || d.Answers || len(d.Points) != 0 {
		t.Errorf("no answer: got %+v, %v", d, err)
	}
}

// TestProgressByModel holds the order of what is reported, and that reporting
// changes nothing about the answer.
func TestProgressByModel(t *testing.T) {
	const question = "When was it that the dam broke?"
	ask := func(m Model, progress func(Progress)) *Answer {
		t.Helper()
		d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke on Monday night. Engineers said the dam broke after 3 weeks of rain."})
		a, err := New(Options{Engine: d.engine, Model: m}).Ask(t.Context(), Request{Question: question, Progress: progress})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	point := func(b Brief, text string) DraftPoint {
		for i, s := range b.Sentences {
			if strings.Contains(s.Text, text) {
				return DraftPoint{s.Text, []int{i + 1}}
			}
		}
		t.Fatalf("no sentence with %q in %+v", text, b.Sentences)
		return DraftPoint{}
	}
	for _, fails := range []bool{false, true} {
		m := &byBrief{answer: func(b Brief, show func(DraftPoint)) (Draft, error) {
			first, second := point(b, "3 weeks"), point(b, "Monday")
			show(first)
			if fails {
				return Draft{}, &Failure{Reader: "It was cut.", Err: errors.New("cut")}
			}
			return Draft{Answers: true, Points: []DraftPoint{first, second}}, nil
		}}
		var got []string
		a := ask(m, func(p Progress) {
			switch {
			case p.Searched != nil:
				got = append(got, fmt.Sprintf("%d searched", p.Searched.Articles))
			case p.Found != nil:
				got = append(got, fmt.Sprintf("%d found from %d", len(p.Found), p.Found[0].N))
			case p.Points != nil:
				last := p.Quotes[len(p.Quotes)-1]
				got = append(got, fmt.Sprintf("%s, %d quotes, %d ", Prose(p.Points), len(p.Quotes), last.N)+last.Text())
			case p.Quotes != nil:
				got = append(got, fmt.Sprintf("%d quotes", len(p.Quotes)))
			}
		})
		const monday, weeks = "The dam broke on Monday night.", "Engineers said the dam broke after 3 weeks of rain."
		want := []string{"1 searched", "2 found from 0", weeks + " [1], 1 quotes, 1 " + weeks, weeks + " [2] " + monday + " [1], 2 quotes, 2 " + weeks}
		if fails {
			want = append(want[:3:3], "2 quotes")
			if last := a.Notes[len(a.Notes)-1]; a.Mode != ModeExtractive || last != withdrawn(1) {
				t.Errorf("got %s, %q", a.Mode, a.Notes)
			}
		}
		same(t, "progress", got, want)
		quiet := ask(m, nil)
		if quiet.Text != a.Text || fmt.Sprint(quiet.Notes, refsOf(quiet.Quotes)) != fmt.Sprint(a.Notes, refsOf(a.Quotes)) {
			t.Errorf("without progress: %+v, with it: %+v", quiet, a)
		}
		if !fails && (a.Text != Prose(a.Points) || !strings.HasSuffix(a.Text, "[1]")) {
			t.Errorf("got %q", a.Text)
		}
	}
}

// TestRepeatedPoints holds that a point that a model sends twice is printed
// once, whether it comes early, at the end or when others are mended.
func TestRepeatedPoints(t *testing.T) {
	spans := quotesOf(t, town)
	again := DraftPoint{"The town bought **four** buses [1]", []int{1, 2}}
	for n := range 5 {
		m := &early{drafts([]DraftPoint{fourBuses, again, fiveBuses, fourBuses}, []DraftPoint{again, twoMillion}), nil}
		m.first = []DraftPoint{fourBuses, again, fiveBuses, fourBuses}[:n]
		d, err := WithModel(t.Context(), m, Brief{Question: busQuestion}, spans, ModelOptions{})
		want := []Point{{fourBuses.Text, []int{1}}, {twoMillion.Text, []int{2}}}
		if diff := cmp.Diff(want, d.Points); err != nil || diff != "" || d.Dropped != 0 || len(d.Notes) != 0 {
			t.Errorf("%d early: %+v, %v: %s", n, d, err, diff)
		}
	}
}

// TestNewestLeadsByModel holds that quotes of a model's points are in the order
// that they would have without a model.
func TestNewestLeadsByModel(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll),
		story{source: "old", body: "The council controls 12 districts of Lakeview now, the mayor said on 1 January.", given: corpus.Given{Published: "2021-01-01"}},
		story{source: "new", body: "The council controls 9 districts of Lakeview, it said on Thursday after a vote.", given: corpus.Given{Published: "2021-07-01"}})
	r := Request{Question: "How many districts of Lakeview does the council control now?", AsOf: "2021-07-06"}
	without, err := d.Ask(t.Context(), r)
	if err != nil || len(without.Quotes) != 2 || without.Quotes[0].Article().Source != "new" || without.Quotes[0].Score >= without.Quotes[1].Score {
		t.Fatalf("without a model: %+v, %v", without, err)
	}
	m := &byBrief{answer: func(b Brief, _ func(DraftPoint)) (Draft, error) {
		out := Draft{Answers: true}
		for i, s := range b.Sentences {
			out.Points = append(out.Points, DraftPoint{s.Text, []int{i + 1}})
		}
		return out, nil
	}}
	a, err := New(Options{Engine: d.engine, Model: m}).Ask(t.Context(), r)
	if err != nil || a.Mode != ModeModel {
		t.Fatalf("by the model: %+v, %v", a, err)
	}
	same(t, "quotes", refsOf(a.Quotes), refsOf(without.Quotes))
	if a.Points[0].Text != a.Quotes[1].Text() || a.Points[0].Quotes[0] != 2 {
		t.Errorf("got %+v", a.Points)
	}
}

// byBrief is a Streamer whose points depend on the brief.
type byBrief struct {
	scripted
	answer func(b Brief, show func(DraftPoint)) (Draft, error)
}

func (m *byBrief) DraftStream(_ context.Context, b Brief, show func(DraftPoint)) (Draft, error) {
	return m.answer(b, show)
}

// earlyOf feeds text in parts of n bytes.
func earlyOf(text string, n int) (out []DraftPoint) {
	var e EarlyPoints
	for len(text) > 0 {
		part := text[:min(n, len(text))]
		out, text = append(out, e.Next(part)...), text[len(part):]
	}
	return out
}

func TestEarlyPoints(t *testing.T) {
	const both = `{"answers": true, "points": [{"text": "A \"[{\".", "sentences": [1, 2]}, {"text": "B.", "sentences": ["3"]}]}`
	a, b := DraftPoint{`A "[{".`, []int{1, 2}}, DraftPoint{"B.", []int{3}}
	long := strings.Repeat("I wonder. ", 40)
	for name, c := range map[string]struct {
		text string
		want []DraftPoint
	}{
		"plain":                   {both, []DraftPoint{a, b}},
		"in a fence":              {"```json\n" + both + "\n```", []DraftPoint{a, b}},
		"after a remark":          {"Here is {the} JSON: " + both, []DraftPoint{a, b}},
		"after thinking":          {"<think>\n" + long + `{"answers": true, "points": [{"text":"No.","sentences":[1]}]}` + "</think>\n" + both, []DraftPoint{a, b}},
		"after shouted thinking":  {"<THINK>" + both + "</Think>" + both, []DraftPoint{a, b}},
		"after unopened thinking": {long + both + "</think>" + both, []DraftPoint{a, b}},
		"after another object":    {`{"plan": {"points": [{"text":"No.","sentences":[1]}]}} ` + both, []DraftPoint{a, b}},
		"cut in a point":          {both[:strings.Index(both, `"B.`)], []DraftPoint{a}},
		"cut after a point":       {both[:strings.Index(both, `, {"text": "B`)], []DraftPoint{a}},
		"broken after a point":    {both[:strings.Index(both, `"B.`)] + "}]" + both, []DraftPoint{a}},
		"answers as text":         {`{"answers":"yes","points":[{"text":"B.","sentences":3}]}`, []DraftPoint{b}},
		"told twice":              {`{"answers":true,"points":[{"text":"B.","sentences":3}],"points":[{"text":"C.","sentences":3}]}`, []DraftPoint{b}},
		"two objects":             {both + both, []DraftPoint{a, b}},
		// What is not sure is left to the end.
		"thinking not closed": {"<think>" + both, nil},
		"a long remark":       {long + both, nil},
		"does not answer":     {strings.Replace(both, "true", "false", 1), nil},
		"does not say first":  {`{"points":[{"text":"B.","sentences":[3]}],"answers":true}`, nil},
		"within a list":       {`{"answers":true,"all":[{"points":[{"text":"B.","sentences":[3]}]}]}`, nil},
		"points of text":      {`{"answers":true,"points":["B."]}`, nil},
		"numbers":             {`{"answers":true,"points":7}`, nil},
		"too deep":            {`{"answers":true,"points":[` + strings.Repeat(`{"a":`, 1000), nil},
		"no JSON":             {"B. {answers: true, points: []}", nil},
		"a point as a text":   {`{"answers":true,"points":[{"text":["B."],"sentences":[3]}]}`, nil},
	} {
		for _, n := range []int{1, 7, 1 << 20} {
			if diff := cmp.Diff(c.want, earlyOf(c.text, n)); diff != "" {
				t.Errorf("%s, in parts of %d: %s", name, n, diff)
			}
		}
	}
	many := `{"answers":true,"points":[` + strings.Repeat(`{"text":"B.","sentences":[3]},`, 50)
	if got := earlyOf(many, 3); len(got) != MaxPoints {
		t.Errorf("%d points of 50 came early", len(got))
	}
}

// FuzzEarlyPoints holds that the points do not depend on how the text is cut,
// and that where a whole answer is one object they are its first ones.
func FuzzEarlyPoints(f *testing.F) {
	f.Add(`{"answers": true, "points": [{"text": "A.", "sentences": [1, 2]}, {"text": "B.", "sentences": ["3"]}]}`, 3)
	f.Add("<think>{</think>```json\n{\"answers\":\"yes\",\"points\":[{\"text\":\"\\u00e9\\\\\",\"sentences\":1}]}\n```", 1)
	f.Add(`{"a":{"b":[1,{}]},"answers":true,"points":[{"text":"A.","x":[{"y":"}"}],"sentences":[]}`, 2)
	f.Fuzz(func(t *testing.T, text string, n int) {
		n = max(1, n%64)
		got := earlyOf(text, n)
		if diff := cmp.Diff(earlyOf(text, len(text)+1), got); diff != "" {
			t.Fatalf("in parts of %d: %s", n, diff)
		}
		whole, err := ParseDraft(text)
		if err != nil || strings.Count(text, `"points"`) != 1 || strings.Count(text, `"answers"`) != 1 || strings.ContainsAny(text, "\\<") || strings.Count(text, "{") != 1+len(whole.Points) {
			return
		}
		if len(got) > len(whole.Points) {
			t.Fatalf("%d points came early, %d in all", len(got), len(whole.Points))
		}
		if diff := cmp.Diff(whole.Points[:len(got)], got); len(got) > 0 && (diff != "" || !whole.Answers) {
			t.Fatalf("answers %v: %s", whole.Answers, diff)
		}
	})
}

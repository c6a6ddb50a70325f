package rank

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestNearness(t *testing.T) {
	if near := NearnessOf("2021-07-06", "2021-07-06"); near != (Nearness{Days3: 1, Days10: 1, Days60: 1}) {
		t.Errorf("the day itself is %+v", near)
	}
	before := NearnessOf("2021-07-01", "2021-07-06")
	if !(0 < before.Days3 && before.Days3 < before.Days10 && before.Days10 < before.Days60 && before.Days60 < 1) || before.Future != 0 {
		t.Errorf("five days before: %+v", before)
	}
	if after := NearnessOf("2021-07-11", "2021-07-06"); after.Days3 != before.Days3 || after.Future != 1 {
		t.Errorf("five days after: %+v", after)
	}
	for _, d := range [][2]corpus.Date{{"", "2021-07-06"}, {"2021-07-06", ""}, {"nonsense", "2021-07-06"}} {
		if near := NearnessOf(d[0], d[1]); near != (Nearness{}) {
			t.Errorf("%q to %q is %+v", d[0], d[1], near)
		}
	}
}

func TestFeatures(t *testing.T) {
	f := Features{Names: []string{"a", "b", "c"}, Values: []float64{2, 0, -1}}
	w := map[string]float64{"a": 3, "b": 5, "c": 1, "d": 7}
	if got := f.Score(w); got != 5 {
		t.Errorf("score %g, want 5", got)
	}
	if f.Get("c") != -1 || f.Get("d") != 0 {
		t.Error("get", f.Get("c"), f.Get("d"))
	}
	if diff := cmp.Diff(map[string]float64{"a": 6, "c": -1}, f.Explain(w)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWeights(t *testing.T) {
	w, err := DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	for name := range w.Passage {
		if !slices.Contains(PassageFeatures(), name) {
			t.Errorf("a weight of %q, which is no feature of a passage", name)
		}
	}
	if len(w.Passage) == 0 || len(w.Sentence) == 0 || len(w.Answerability.Trees) == 0 {
		t.Errorf("%d, %d and %d weights", len(w.Passage), len(w.Sentence), len(w.Answerability.Trees))
	}
	for _, bad := range []string{"", "[]", `{"passage": {"a": "b"}}`, "{"} {
		if _, err := ParseWeights([]byte(bad)); err == nil {
			t.Errorf("%q was read as weights", bad)
		}
	}
}

func TestExplain(t *testing.T) {
	f := Features{Names: []string{"more", "less", "tiny", "none", "unknown"}, Values: []float64{2, 0.5, -3e-285, 0, 9}}
	weights := map[string]float64{"more": 1.5, "less": -1, "tiny": 1, "none": 4}
	want := map[string]float64{"more": 3, "less": -0.5}
	if diff := cmp.Diff(want, f.Explain(weights)); diff != "" {
		t.Error(diff)
	}
}

// The golden file names every value. No two features have the same values in
// all of its cases, so exchanging two of them changes it.
func TestPassages(t *testing.T) {
	const asOf = "2021-07-06"
	published := func(day corpus.Date, title, body string) *corpus.Article {
		return &corpus.Article{Body: body, Info: corpus.Info{ID: title, Title: title, Outlet: "Reuters", Published: day}}
	}
	const filler = "The dam broke and the river rose above the bridge while many people slept in the old town. "
	border := published("2021-07-05", "Soldiers flee to Tajikistan", "Some 1,037 Afghan soldiers fled. "+
		"The border guard chief Hamid Sherzod said on Monday that Afghan soldiers fled because the Taliban came.")
	later := published("2021-07-16", "Kabul", strings.Repeat(filler, 8)+"In 2020 the Afghan army fled a red line at Kunduz after 40 attacks.")
	passages := []Passage{
		{Article: border, Span: corpus.Span{Start: 0, End: 32}, BM25: 8, Vector: .5},
		{Article: border, Span: corpus.Span{Start: 33, End: len(border.Body)}, BM25: 6, Vector: .25},
		{Article: later, Span: corpus.Span{Start: 8 * len(filler), End: len(later.Body)}, Vector: .75},
		{Article: later, Span: corpus.Span{Start: 0, End: len(filler)}, BM25: 2},
	}
	var got strings.Builder
	columns := make(map[string][]float64)
	for _, question := range []string{
		"Who is the border guard chief?", "Where did the Afghan soldiers flee?", "Which chief spoke of Tajikistan and the Taliban?", "What fled in 2020, according to Reuters?",
		"How many Afghan soldiers fled?", "When did the Afghan soldiers flee?", "Why did the soldiers flee?",
		"What did the guard chief say about soldiers?", `What is a "red line" of the Afghan army?`,
	} {
		q := query.Parse(question, asOf)
		stats := query.TermStats{Passages: 100, Frequency: map[string]int{}}
		for i, x := range q.Terms {
			stats.Frequency[x.Stem] = 2 + 5*i
		}
		fmt.Fprintln(&got, question)
		for i, f := range Passages(q, passages, func() *query.Matcher { return query.NewMatcher(q, stats, nil, lexicon{}) }) {
			fmt.Fprintf(&got, "  passage %d\n", i)
			for j, name := range f.Names {
				columns[name] = append(columns[name], f.Values[j])
				if f.Values[j] != 0 {
					fmt.Fprintf(&got, "    %-18s %.4f\n", name, f.Values[j])
				}
			}
		}
	}
	golden := filepath.Join("testdata", "passages.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
	names := PassageFeatures()
	for i, a := range names {
		for _, b := range names[:i] {
			if slices.Equal(columns[a], columns[b]) {
				t.Errorf("features %s and %s have the same values in all cases", a, b)
			}
		}
	}
}

// lexicon knows two words that mean nearly the same.
type lexicon struct{}

func (lexicon) AppendVector(dst []float32, word string) ([]float32, bool) {
	switch word {
	case "soldiers":
		return append(dst, 1, 0), true
	case "army":
		return append(dst, 4, 3), true
	}
	return dst, false
}

func (l lexicon) Weight(word string) (float64, bool) {
	_, ok := l.AppendVector(nil, word)
	return 1, ok
}

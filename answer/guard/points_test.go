package guard

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"verbatim/retrieval/corpus"
)

// TestPoints measures the guard on points written apart from its lists, over
// sentences of real news: VERBATIM_EVAL names the folder that holds them.
func TestPoints(t *testing.T) {
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Skip("VERBATIM_EVAL is not set")
	}
	file, err := os.Open(filepath.Join(dir, "guard-points.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	type count struct{ kept, all int }
	right, wrong := map[string]*count{}, map[string]*count{}
	total := map[bool]*count{true: {}, false: {}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p struct {
			Sentences, Outlets []string
			Published          []corpus.Date
			Question, Point    string
			Cites              []int
			Right              bool
			Kind               string
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		var sentences []Sentence
		for i, s := range p.Sentences {
			sentences = append(sentences, Sentence{Text: s, Speaker: p.Outlets[i], Published: p.Published[i]})
		}
		ok, reason := Check(p.Question, Point{Text: p.Point, Sentences: p.Cites}, sentences)
		kinds := wrong
		if p.Right {
			kinds = right
		}
		if kinds[p.Kind] == nil {
			kinds[p.Kind] = &count{}
		}
		for _, c := range []*count{kinds[p.Kind], total[p.Right]} {
			c.all++
			if ok {
				c.kept++
			}
		}
		if ok != p.Right && testing.Verbose() {
			t.Logf("right %v, %s: %q\n\tover %q\n\t%s", p.Right, p.Kind, p.Point, p.Sentences, reason)
		}
	}
	for name, kinds := range map[string]map[string]*count{"right": right, "wrong": wrong} {
		var names []string
		for kind := range kinds {
			names = append(names, kind)
		}
		slices.Sort(names)
		for _, kind := range names {
			t.Logf("%s %-16s kept %d of %d", name, kind, kinds[kind].kept, kinds[kind].all)
		}
	}
	t.Logf("kept %d of %d right, stopped %d of %d wrong", total[true].kept, total[true].all, total[false].all-total[false].kept, total[false].all)
}

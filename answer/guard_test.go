package answer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/retrieval/corpus"
)

// heldPoint is a line of testdata/points.jsonl: a point as a model might write
// it over sentences of testdata/sentences.jsonl, and whether it may stand.
type heldPoint struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"` // "right", or what is wrong with it
	Held     bool     `json:"held"` // never looked at while the guard was made
	Question string   `json:"question"`
	Text     string   `json:"text"`
	Cites    []string `json:"cites"` // keys of sentences; "?9" is a number that is not there
}

type seedSentence struct {
	Key  string `json:"key"`
	File string `json:"file"`
	Text string `json:"text"`
}

func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	return out
}

// seedSentences returns the sentences by key, having checked that each is a
// span of its seed article.
func seedSentences(t *testing.T) map[string]Sentence {
	t.Helper()
	known := map[string]struct {
		speaker   string
		published corpus.Date
	}{"000": {"Kabul Now", "2021-07-04"}, "001": {"", ""}, "002": {"AFP", "2021-07-06"}, "003": {"ANI", "2021-07-06"}, "004": {"", "2021-07-04"}}
	out := map[string]Sentence{}
	for _, s := range readLines[seedSentence](t, "testdata/sentences.jsonl") {
		body, err := os.ReadFile(filepath.Join("..", "seeds", s.File))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(body), s.Text) {
			t.Fatalf("sentence %s is not in %s", s.Key, s.File)
		}
		k := known[s.File[:3]]
		out[s.Key] = Sentence{Text: s.Text, Speaker: k.speaker, Published: k.published}
	}
	return out
}

// judge runs a held point through the guard as WithModel does.
func judge(p heldPoint, all map[string]Sentence) (bool, string) {
	draft := DraftPoint{Text: p.Text}
	var sentences []Sentence
	for _, key := range p.Cites {
		s, ok := all[key]
		if ok {
			sentences = append(sentences, s)
			draft.Sentences = append(draft.Sentences, len(sentences))
		} else {
			draft.Sentences = append(draft.Sentences, 99)
		}
	}
	draft, reason := CleanPoint(draft)
	if reason != "" {
		return false, reason
	}
	return Guard(p.Question, draft, sentences)
}

func TestGuardOverPoints(t *testing.T) {
	all := seedSentences(t)
	type count struct{ stopped, wrong, kept, right int }
	figures := map[bool]*count{false: {}, true: {}}
	for _, p := range readLines[heldPoint](t, "testdata/points.jsonl") {
		ok, reason := judge(p, all)
		c := figures[p.Held]
		if p.Kind == "right" {
			c.right++
			if ok {
				c.kept++
			}
		} else {
			c.wrong++
			if !ok {
				c.stopped++
			}
		}
		if (p.Kind == "right") != ok {
			if p.Held && os.Getenv("VERBATIM_SHOW_HELD") == "" {
				continue
			}
			t.Logf("%s %s: ok=%v %s: %s", p.ID, p.Kind, ok, reason, p.Text)
		}
	}
	for held, c := range figures {
		stopped, kept := float64(c.stopped)/float64(c.wrong), float64(c.kept)/float64(c.right)
		t.Logf("held out %v: wrong stopped %d of %d (%.3f), right kept %d of %d (%.3f)", held, c.stopped, c.wrong, stopped, c.kept, c.right, kept)
		if stopped < .95 || kept < .9 {
			t.Errorf("held out %v: stopped %.3f, want .95; kept %.3f, want .9", held, stopped, kept)
		}
	}
}

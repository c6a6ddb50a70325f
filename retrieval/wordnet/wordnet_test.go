package wordnet

import (
	"slices"
	"strings"
	"testing"
)

func open(t testing.TB) *Net {
	t.Helper()
	n, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLemma(t *testing.T) {
	n := open(t)
	for word, want := range map[string]string{
		"bought": "buy", "went": "go", "better": "good", "children": "child", "men": "man", "spokesmen": "spokesman",
		"countries": "country", "boxes": "box", "watches": "watch", "glasses": "glass", "cars": "car", "regulators": "regulator",
		"studied": "study", "hoped": "hope", "walked": "walk", "stopped": "stop", "making": "make", "running": "run", "killing": "kill",
		"largest": "large", "teacher": "teacher", "president": "president", "uyghurs": "uyghur", "pass": "pass", "news": "news", "dress": "dress", "us": "us",
		"2023": "2023", "zelenskyy": "zelenskyy", "": "", "don't": "don't",
	} {
		if got := n.Lemma(word); got != want {
			t.Errorf("Lemma(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestRelated(t *testing.T) {
	n := open(t)
	for _, test := range []struct {
		lemma, other string
		want         Relation
	}{
		{"buy", "purchase", Synonym}, {"car", "automobile", Synonym}, {"decide", "decision", Derived}, {"complaint", "complain", Derived},
		{"car", "vehicle", Near}, {"murder", "kill", Near}, {"win", "lose", Antonym},
	} {
		found := false
		for other, r := range n.Related(test.lemma) {
			if other == test.other {
				found = true
				if r != test.want {
					t.Errorf("%s and %s: relation %d, want %d", test.lemma, other, r, test.want)
				}
			}
		}
		if !found {
			t.Errorf("%s is not related to %s", test.lemma, test.other)
		}
	}
}

// TestRelatedIsWellFormed reads all relations: they are sorted lemmas, each once, never the lemma itself.
func TestRelatedIsWellFormed(t *testing.T) {
	n := open(t)
	total := 0
	for entry := range n.data.count {
		word, last := n.data.word(entry), ""
		for other, r := range n.Related(word) {
			if other <= last || other == word || r > Antonym || n.Lemma(other) == "" {
				t.Fatalf("%s: %q after %q, relation %d", word, other, last, r)
			}
			last = other
			total++
		}
	}
	if total < 500_000 {
		t.Errorf("%d relations in all", total)
	}
	for range n.Related("zelenskyy") {
		t.Error("an unknown word has relations")
	}
}

func TestRelatedStops(t *testing.T) {
	seen := 0
	for range open(t).Related("person") {
		if seen++; seen == 3 {
			break
		}
	}
	if seen != 3 {
		t.Errorf("saw %d", seen)
	}
}

func TestDamagedData(t *testing.T) {
	for name, data := range map[string]string{
		"empty":   "",
		"version": strings.Replace(wordnetBin, "\x01", "\x02", 1),
		"short":   wordnetBin[:len(wordnetBin)-1],
		"long":    wordnetBin + "x",
		"zero":    wordnetBin[:8] + strings.Repeat("\x00", len(wordnetBin)-8),
	} {
		if _, err := openAsset(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := open(t); !strings.Contains(n.Attribution(), "Princeton") {
		t.Errorf("attribution %q", n.Attribution())
	}
}

func TestKnown(t *testing.T) {
	n := open(t)
	got := slices.DeleteFunc([]string{"buy", "bought", "zelenskyy", ""}, func(w string) bool { return !n.Known(w) })
	if !slices.Equal(got, []string{"buy", "bought"}) {
		t.Errorf("known: %q", got)
	}
}

func BenchmarkLemma(b *testing.B) {
	n := open(b)
	list := strings.Fields("regulators blocked the merger because airlines were competing and passengers complained about higher prices")
	for b.Loop() {
		for _, w := range list {
			n.Lemma(w)
		}
	}
}

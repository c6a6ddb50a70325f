package query

import (
	"errors"
	"slices"
	"testing"
)

func TestSameWord(t *testing.T) {
	lexicon := knownWords{"civilian": true, "civil": true, "texas": true, "taxes": true, "badakhshan": true}
	for _, c := range []struct {
		term    Term
		stem    string
		missing bool
		want    bool
	}{
		{Term{Text: "rahmon", Stem: "rahmon", Name: true}, "rakhmon", false, true},
		{Term{Text: "rahmon", Stem: "rahmon", Name: true}, "rehmon", false, true},
		{Term{Text: "rakhmon", Stem: "rakhmon", Name: true}, "rehmon", true, true},
		{Term{Text: "badakhshan", Stem: "badakhshan", Name: true}, "badakshan", false, true},
		{Term{Text: "zelensky", Stem: "zelensky", Name: true}, "zelenskyy", false, true},
		{Term{Text: "tajikstan", Stem: "tajikstan", Name: true}, "tajikistan", true, true},
		{Term{Text: "soldeirs", Stem: "soldeir"}, "soldier", true, true},
		{Term{Text: "soldiers", Stem: "soldier"}, "solder", false, false},
		{Term{Text: "texas", Stem: "texas", Name: true}, "taxes", false, false},
		{Term{Text: "civilian", Stem: "civilian"}, "civil", false, false},
		{Term{Text: "mohib", Stem: "mohib", Name: true}, "musa", false, false},
		{Term{Text: "kohistani", Stem: "kohistani", Name: true}, "afghanistan", false, false},
	} {
		if got := sameWord(lexicon, c.term, c.stem, c.missing); got != c.want {
			t.Errorf("sameWord(%q, %q, missing %v) = %v, want %v", c.term.Stem, c.stem, c.missing, got, c.want)
		}
	}
}

// knownWords is a lexicon of words that all mean the same.
type knownWords map[string]bool

func (k knownWords) AppendVector(dst []float32, word string) ([]float32, bool) {
	if !k[word] {
		return dst, false
	}
	return append(dst, 1), true
}

func (k knownWords) Weight(word string) (float64, bool) { return 1, k[word] }

func TestWithinOne(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"abc", "abc", false}, {"abc", "abd", true}, {"abc", "ab", true}, {"abc", "xabc", true}, {"abc", "acb", true},
		{"abc", "cab", false}, {"abc", "abcde", false}, {"a", "", true}, {"", "", false},
	} {
		if got := withinOne(c.a, c.b); got != c.want {
			t.Errorf("withinOne(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
		if got := withinOne(c.b, c.a); got != c.want {
			t.Errorf("withinOne(%q, %q) = %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

func TestAddVariants(t *testing.T) {
	corpus := map[string]int{"rakhmon": 3, "rehmon": 1, "ramadan": 7, "soldier": 9}
	lookup := func(stem string) (map[string]int, error) {
		if stem == "broken" {
			return nil, errors.New("no index")
		}
		return corpus, nil
	}
	q := Parse("Did Emomali Rahmon praise soldeirs?", "")
	added, err := q.AddVariants(map[string]int{"emomali": 1, "praise": 1, "prais": 1}, nil, lookup)
	var got []string
	for _, v := range q.Variants {
		got = append(got, q.Terms[v.Term].Text+"="+v.Stem)
	}
	if want := []string{"rahmon=rakhmon", "rahmon=rehmon", "soldeirs=soldier"}; err != nil || !added || !slices.Equal(got, want) {
		t.Errorf("%v, %v, %v; want %v", got, added, err, want)
	}
	if again, err := q.AddVariants(nil, nil, lookup); again || err != nil {
		t.Errorf("added twice: %v, %v", q.Variants, err)
	}
	if _, err := Parse("broken", "").AddVariants(nil, nil, lookup); err == nil {
		t.Error("the error of a look-up is lost")
	}
}

package query

import "testing"

func TestSameWord(t *testing.T) {
	e := &Engine{lexicon: knownWords{"civilian": true, "civil": true, "texas": true, "taxes": true, "badakhshan": true}}
	for _, c := range []struct {
		term    QTerm
		stem    string
		missing bool
		want    bool
	}{
		{QTerm{Text: "rahmon", Stem: "rahmon", Name: true}, "rakhmon", false, true},
		{QTerm{Text: "rahmon", Stem: "rahmon", Name: true}, "rehmon", false, true},
		{QTerm{Text: "rakhmon", Stem: "rakhmon", Name: true}, "rehmon", true, true},
		{QTerm{Text: "badakhshan", Stem: "badakhshan", Name: true}, "badakshan", false, true},
		{QTerm{Text: "zelensky", Stem: "zelensky", Name: true}, "zelenskyy", false, true},
		{QTerm{Text: "tajikstan", Stem: "tajikstan", Name: true}, "tajikistan", true, true},
		{QTerm{Text: "soldeirs", Stem: "soldeir"}, "soldier", true, true},
		{QTerm{Text: "soldiers", Stem: "soldier"}, "solder", false, false},
		{QTerm{Text: "texas", Stem: "texas", Name: true}, "taxes", false, false},
		{QTerm{Text: "civilian", Stem: "civilian"}, "civil", false, false},
		{QTerm{Text: "mohib", Stem: "mohib", Name: true}, "musa", false, false},
		{QTerm{Text: "kohistani", Stem: "kohistani", Name: true}, "afghanistan", false, false},
	} {
		if got := e.sameWord(c.term, c.stem, c.missing); got != c.want {
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

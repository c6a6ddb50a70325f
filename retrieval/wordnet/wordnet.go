package wordnet

import (
	"fmt"
	"iter"
	"strings"
)

// Relation says how one lemma is related to another, the closest first.
type Relation uint8

const (
	Synonym Relation = iota // they share a sense: "buy", "purchase"
	Derived                 // one is derived from a sense of the other or akin to it: "decide", "decision"
	Near                    // one or two steps up or one down from a sense, or derived from a synonym: "car", "vehicle"
	Antonym                 // opposite: "win", "lose"
)

// Net is the network of words. It is safe for concurrent use and reads the data where it
// lies in the program.
type Net struct{ data *asset }

// New returns the network. It fails only if the program was built with damaged data.
func New() (*Net, error) {
	a, err := openAsset(wordnetBin)
	if err != nil {
		return nil, fmt.Errorf("open the built-in word database: %w", err)
	}
	return &Net{a}, nil
}

// Attribution says where the data is from.
func (n *Net) Attribution() string { return n.data.attribution }

// Known reports whether word is a lemma of the network or an irregular form of one.
func (n *Net) Known(word string) bool { return n.data.find(word) >= 0 }

// suffixes are the regular endings with what replaces them in the lemma, to be tried in order.
var suffixes = [...]struct{ suffix, lemma string }{
	{"ies", "y"}, {"ses", "s"}, {"xes", "x"}, {"ches", "ch"}, {"shes", "sh"}, {"men", "man"}, {"s", ""},
	{"ied", "y"}, {"ed", "e"}, {"ed", ""}, {"ing", "e"}, {"ing", ""}, {"er", "e"}, {"er", ""}, {"est", "e"}, {"est", ""},
}

// Lemma returns the dictionary form of a folded word: an irregular form's lemma, or the word
// without a regular ending if that leaves a lemma, as WordNet's own morphy does but
// without asking for the part of speech. A word without one is its own lemma; only a plural s is
// taken off unknown words ("Uyghurs").
func (n *Net) Lemma(word string) string {
	entry := n.data.find(word)
	if entry >= 0 {
		if base := n.data.base(entry); base != entry {
			return n.data.word(base)
		}
	}
	if len(word) < 4 || !letters(word) {
		return word
	}
	for _, s := range suffixes {
		stem, ok := strings.CutSuffix(word, s.suffix)
		if !ok || len(stem) < 2 || entry >= 0 && keeps(word, s.suffix) {
			continue
		}
		if lemma, ok := n.lemma(stem, s.lemma); ok {
			return lemma
		}
		if last := len(stem) - 1; last > 2 && stem[last] == stem[last-1] && (s.suffix == "ed" || s.suffix == "ing") {
			if lemma, ok := n.lemma(stem[:last], ""); ok {
				return lemma
			}
		}
	}
	if stem, ok := strings.CutSuffix(word, "s"); ok && !strings.HasSuffix(stem, "s") && len(word) > 4 {
		return stem
	}
	return word
}

// keeps reports whether a word that is a lemma itself keeps its ending: "teacher", "pass", "news".
func keeps(word, suffix string) bool {
	return suffix == "er" || suffix == "est" || suffix == "s" && (len(word) == 4 || strings.HasSuffix(word, "ss"))
}

// lemma returns stem+ending as it is stored, if it is a lemma.
func (n *Net) lemma(stem, ending string) (string, bool) {
	var buf [48]byte
	word := stem
	if ending != "" {
		if len(stem)+len(ending) > len(buf) {
			return "", false
		}
		word = string(append(append(buf[:0], stem...), ending...))
	}
	if entry := n.data.find(word); entry >= 0 {
		return n.data.word(entry), true
	}
	return "", false
}

func letters(word string) bool {
	for _, r := range word {
		if r == '\'' || '0' <= r && r <= '9' {
			return false
		}
	}
	return true
}

// Related yields the lemmas related to a lemma, each once with its closest relation, in byte
// order. A word that is no lemma has none.
func (n *Net) Related(lemma string) iter.Seq2[string, Relation] {
	return func(yield func(string, Relation) bool) {
		entry := n.data.find(lemma)
		if entry < 0 {
			return
		}
		more := true
		n.data.relations(entry, func(other int, r Relation) {
			more = more && yield(n.data.word(other), r)
		})
	}
}

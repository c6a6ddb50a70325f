package guard

import (
	"sync"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// lexiconData is what the lists of package english say, by the bases of
// words.
type lexiconData struct {
	canon      map[string]string            // base to the first base of its group of near synonyms
	antonym    map[string][]string          // base to the bases that it excludes
	weighty    map[string][]map[string]bool // word to the groups of grave words that hold it
	scope      map[string]map[string]bool   // word of reach to those that reach as far
	reciprocal map[string]bool              // bases of verbs without a direction
	aliases    []map[string]bool            // words that name the same country or body
}

var lexicon = sync.OnceValue(func() *lexiconData {
	l := &lexiconData{
		canon: map[string]string{}, antonym: map[string][]string{},
		weighty: map[string][]map[string]bool{}, scope: map[string]map[string]bool{}, reciprocal: map[string]bool{},
	}
	for _, group := range english.Synonyms.All() {
		for _, w := range group {
			if b := base(w); l.canon[b] == "" {
				l.canon[b] = "=" + base(group[0])
			}
		}
	}
	for _, p := range english.Antonyms.All() {
		for _, a := range p.Left {
			for _, b := range p.Right {
				l.antonym[base(a)] = append(l.antonym[base(a)], base(b))
				l.antonym[base(b)] = append(l.antonym[base(b)], base(a))
			}
		}
	}
	for _, list := range english.Weighty.All() {
		group := set(list)
		for w := range group {
			l.weighty[w] = append(l.weighty[w], group)
		}
	}
	for _, list := range english.Scopes.All() {
		group := set(list)
		for w := range group {
			l.scope[w] = group
		}
	}
	for _, w := range english.Reciprocal.Words() {
		l.reciprocal[base(w)] = true
	}
	for _, list := range english.Aliases.All() {
		l.aliases = append(l.aliases, set(list))
	}
	return l
})

// base returns the stem of the base form of a word.
func base(word string) string {
	if b, ok := english.Irregular.Get(word); ok {
		return words.Stem(b)
	}
	return words.Stem(word)
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, w := range list {
		m[w] = true
	}
	return m
}

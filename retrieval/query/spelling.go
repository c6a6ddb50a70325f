package query

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"verbatim/retrieval/english"
)

// minSpelling is the length in bytes from which a word has other spellings.
const minSpelling = 5

// Variant is a stem of the corpus that is taken for another spelling of a term.
type Variant struct {
	Term int // index in Question.Terms
	Stem string
}

// AddVariants adds to q the other spellings of its terms that the corpus has.
// Names keep their sound: Rahmon, Rakhmon, Rehmon. A word that no passage
// contains is taken for a typing error of a word that is one edit away.
//
// frequency has the number of passages that contain each term's stem. lookup
// returns the stems of the corpus within two edits of a stem, as keys. lexicon
// may be nil. AddVariants reports whether it added any, and the error of lookup,
// at which it stops.
func (q *Question) AddVariants(frequency map[string]int, lexicon Lexicon, lookup func(stem string) (map[string]int, error)) (added bool, err error) {
	for i, t := range q.Terms {
		missing := frequency[t.Stem] == 0
		if len(t.Stem) < minSpelling || !missing && (!t.Name || known(lexicon, t.Text)) && len(t.Stem) < 8 || !letters(t.Stem) {
			continue
		}
		found, err := lookup(t.Stem)
		if err != nil {
			return added, err
		}
		for _, s := range slices.Sorted(maps.Keys(found)) {
			if q.term(s) < 0 && sameWord(lexicon, t, s, missing) {
				q.index[s] = i
				q.Variants = append(q.Variants, Variant{Term: i, Stem: s})
				added = true
			}
		}
	}
	return added, nil
}

func known(lexicon Lexicon, word string) bool {
	if lexicon == nil {
		return false
	}
	_, ok := lexicon.Weight(word)
	return ok
}

// sameWord reports whether the indexed stem s is likely the same word as t:
// a name of the same sound, a long name with one letter off, or, if no
// passage holds t, a word with one letter off. Two well-known words are never
// the same.
func sameWord(lexicon Lexicon, t Term, s string, missing bool) bool {
	one := withinOne(t.Stem, s)
	if known(lexicon, t.Text) && known(lexicon, s) {
		return missing && one && !t.Name
	}
	switch {
	case t.Name && sound(t.Stem) == sound(s), t.Name && one && len(t.Stem) >= 8:
		return true
	}
	return missing && one
}

func letters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// soundReplacer replaces letters by the one that they sound like.
var soundReplacer = sync.OnceValue(func() *strings.Replacer {
	var pairs []string
	for letters, sound := range english.Sounds.All() {
		pairs = append(pairs, letters, sound)
	}
	return strings.NewReplacer(pairs...) // no letters begin with others of them, so that the order is free
})

// sound returns the consonants of a transliterated name as they are heard:
// vowels are left out but for a first one, kh and gh count as h, which is
// heard only at the beginning, and double letters count once.
func sound(s string) string {
	s = soundReplacer().Replace(s)
	var b []byte
	for i := range len(s) {
		c := s[i]
		if i > 0 && strings.IndexByte("aeiouyh", c) >= 0 {
			continue
		}
		if n := len(b); n > 0 && b[n-1] == c {
			continue
		}
		b = append(b, c)
	}
	return string(b)
}

// withinOne reports whether a and b differ by one letter: put in, left out,
// replaced, or two neighbours exchanged.
func withinOne(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

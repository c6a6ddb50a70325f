package query

import (
	"context"
	"slices"
	"strings"
)

// Speller is a Store that knows its own words. The engine uses it to find
// names under every spelling and to mend typing errors.
type Speller interface {
	// Spellings returns the indexed stems that begin with the same byte as
	// stem and are within so many edits of it (at most 2), with the number of
	// passages that hold each.
	Spellings(ctx context.Context, stem string, edits int) (map[string]int, error)
}

// minSpelling is the length in bytes from which a word has other spellings.
const minSpelling = 5

// spell adds to the question the other spellings of its terms that the
// corpus holds, and to stats how often they stand. Names keep their sound:
// Rahmon, Rakhmon, Rehmon. A word that no passage holds is taken for a typing
// error of a word that one edit makes of it. It reports whether it added any.
func (e *Engine) spell(ctx context.Context, q *Question, stats WordHits) (added bool) {
	speller, ok := e.store.(Speller)
	if !ok {
		return false
	}
	for i, t := range q.Terms {
		missing := stats.Frequency[t.Stem] == 0
		if len(t.Stem) < minSpelling || !missing && (!t.Name || e.known(t.Text)) && len(t.Stem) < 8 || !letters(t.Stem) {
			continue
		}
		found, err := speller.Spellings(ctx, t.Stem, 2)
		if err != nil {
			e.log.Warn("look up spellings", "word", t.Stem, "err", err)
			return added
		}
		for _, s := range sortedKeys(found) {
			if q.term(s) < 0 && e.sameWord(t, s, missing) {
				q.index[s] = i
				q.spellings = append(q.spellings, spelling{term: i, stem: s})
				added = true
			}
		}
	}
	return added
}

// spelling is another stem of a term.
type spelling struct {
	term int
	stem string
}

func sortedKeys(m map[string]int) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (e *Engine) known(word string) bool {
	if e.lexicon == nil {
		return false
	}
	_, ok := e.lexicon.Weight(word)
	return ok
}

// sameWord reports whether the indexed stem s is likely the same word as t:
// a name of the same sound, a long name with one letter off, or, where no
// passage holds t, a word with one letter off. Two well-known words are never
// the same.
func (e *Engine) sameWord(t QTerm, s string, missing bool) bool {
	one := withinOne(t.Stem, s)
	if e.known(t.Text) && e.known(s) {
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

// sound returns the consonants of a transliterated name as they are heard:
// vowels are left out but for a first one, kh and gh count as h, which is
// heard only at the beginning, and double letters count once.
func sound(s string) string {
	s = strings.NewReplacer("kh", "h", "gh", "h", "ph", "f", "ck", "k", "q", "k", "dzh", "j", "zh", "j", "ts", "c", "tz", "c", "w", "v").Replace(s)
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

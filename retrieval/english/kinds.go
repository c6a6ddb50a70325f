package english

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// declaration is what the test of the examples asks of a declared section.
type declaration struct {
	has     func(example string) bool
	each    bool            // an example is a word; a line of examples holds several
	entries func() []string // words or phrases
}

// declared holds the declarations by section.
var declared = make(map[string]declaration)

// declareWords declares a section of words.
func declareWords(name string, has func(word string) bool, entries func() []string) {
	declared[name] = declaration{has: has, each: true, entries: entries}
}

// declare declares a section whose examples are phrases or groups.
func declare(name string, has func(example string) bool, entries func() []string) {
	declared[name] = declaration{has: has, entries: entries}
}

// A Set is a set of words.
type Set struct{ load func() map[string]bool }

func setOf(name string) Set {
	s := Set{load: sync.OnceValue(func() map[string]bool {
		m := make(map[string]bool)
		for _, l := range lookUp(name).lines {
			for _, w := range strings.Fields(l.text) {
				m[w] = true
			}
		}
		return m
	})}
	declareWords(name, s.Has, s.Words)
	return s
}

// Has reports whether word is in s.
func (s Set) Has(word string) bool { return s.load()[word] }

// Words returns the words of s in no order. The caller owns the slice.
func (s Set) Words() []string {
	m := s.load()
	out := make([]string, 0, len(m))
	for w := range m {
		out = append(out, w)
	}
	return out
}

// Pattern returns a regular expression for the words of s, the longer first.
func (s Set) Pattern() string { return pattern(s.Words()) }

// pattern returns a regular expression for the words of list, the longer
// first. It reorders list.
func pattern(list []string) string {
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for i, w := range list {
		list[i] = regexp.QuoteMeta(w)
	}
	return "(?:" + strings.Join(list, "|") + ")"
}

// Groups are groups of words that belong together.
type Groups struct{ load func() [][]string }

func groupsOf(name string) Groups {
	g := Groups{load: sync.OnceValue(func() [][]string {
		var out [][]string
		for _, l := range lookUp(name).lines {
			out = append(out, strings.Fields(l.text))
		}
		return out
	})}
	declare(name, func(example string) bool {
		return slices.ContainsFunc(g.All(), func(group []string) bool {
			return !slices.ContainsFunc(strings.Fields(example), func(w string) bool { return !slices.Contains(group, w) })
		})
	}, func() []string { return slices.Concat(g.All()...) })
	return g
}

// All returns the groups in the order of the file. They are shared.
func (g Groups) All() [][]string { return g.load() }

// Pair is two lists of words that exclude each other.
type Pair struct{ Left, Right []string }

// Pairs are pairs of opposites.
type Pairs struct{ load func() []Pair }

func pairsOf(name string) Pairs {
	p := Pairs{load: sync.OnceValue(func() []Pair {
		var out []Pair
		for _, l := range lookUp(name).lines {
			left, right, _ := strings.Cut(l.text, "|")
			out = append(out, Pair{strings.Fields(left), strings.Fields(right)})
		}
		return out
	})}
	declare(name, func(example string) bool {
		left, right, _ := strings.Cut(example, " ")
		return slices.ContainsFunc(p.All(), func(p Pair) bool {
			return slices.Contains(p.Left, left) && slices.Contains(p.Right, right)
		})
	}, p.words)
	return p
}

func (p Pairs) words() []string {
	var out []string
	for _, p := range p.All() {
		out = slices.Concat(out, p.Left, p.Right)
	}
	return out
}

// All returns the pairs in the order of the file. They are shared.
func (p Pairs) All() []Pair { return p.load() }

// Map gives words a value: a name, or a number.
type Map[V any] struct{ load func() map[string]V }

func namesOf(name string) Map[string] {
	return mapOf(name, func(value string) (string, bool) { return value, true })
}

func numbersOf(name string) Map[float64] {
	return mapOf(name, func(value string) (float64, bool) {
		v, err := strconv.ParseFloat(value, 64)
		return v, err == nil
	})
}

func mapOf[V any](name string, read func(string) (V, bool)) Map[V] {
	m := Map[V]{load: sync.OnceValue(func() map[string]V {
		m := make(map[string]V)
		s := lookUp(name)
		for _, l := range s.lines {
			value, list, ok := strings.Cut(l.text, ":")
			v, valid := read(strings.TrimSpace(value))
			if !ok || !valid {
				panic("english: " + s.file + ":" + strconv.Itoa(l.number) + ": not of the form \"value: words\"")
			}
			for _, w := range strings.Fields(list) {
				m[w] = v
			}
		}
		return m
	})}
	declareWords(name, m.Has, m.words)
	return m
}

// Get returns the value of word; ok is false if it has none.
func (m Map[V]) Get(word string) (v V, ok bool) {
	v, ok = m.load()[word]
	return v, ok
}

// Has reports whether word has a value.
func (m Map[V]) Has(word string) bool {
	_, ok := m.load()[word]
	return ok
}

// Pattern returns a regular expression for the words of m, the longer first.
func (m Map[V]) Pattern() string { return pattern(m.words()) }

func (m Map[V]) words() []string { return slices.Collect(maps.Keys(m.load())) }

// All returns the values by word. The map is shared.
func (m Map[V]) All() map[string]V { return m.load() }

// Phrases is a list of phrases, each of one word or more.
type Phrases struct{ load func() phraseTable[string] }

func phrasesOf(name string) Phrases {
	p := Phrases{load: sync.OnceValue(func() phraseTable[string] {
		var t phraseTable[string]
		for _, l := range lookUp(name).lines {
			t.add(spaced(l.text), spaced(l.text))
		}
		return t
	})}
	declare(name, func(example string) bool { return slices.Contains(p.All(), example) }, p.All)
	return p
}

// All returns the phrases in the order of the file. The slice is shared.
func (p Phrases) All() []string { return p.load().all }

// Pattern returns a regular expression for the phrases, the longer first.
func (p Phrases) Pattern() string { return pattern(slices.Clone(p.load().all)) }

// Has reports whether text is one of the phrases.
func (p Phrases) Has(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return slices.ContainsFunc(p.load().first[first], func(p phrase[string]) bool { return p.value == text })
}

// Match returns the length, in words, of the longest phrase that the words
// word(0), word(1), … begin with, or 0. word returns "" after the last one.
func (p Phrases) Match(word func(i int) string) int {
	n, _ := p.load().match(word)
	return n
}

// PhraseMap gives phrases a value.
type PhraseMap struct{ load func() phraseTable[string] }

func phraseMapOf(name string) PhraseMap {
	p := PhraseMap{load: sync.OnceValue(func() phraseTable[string] {
		var t phraseTable[string]
		for _, l := range lookUp(name).lines {
			value, list, _ := strings.Cut(l.text, ":")
			for phrase := range strings.SplitSeq(list, ",") {
				t.add(strings.TrimSpace(phrase), strings.TrimSpace(value))
			}
		}
		return t
	})}
	declare(name, func(example string) bool { return slices.Contains(p.All(), example) }, p.All)
	return p
}

// All returns the phrases in the order of the file. The slice is shared.
func (p PhraseMap) All() []string { return p.load().all }

// Match returns the length, in words, of the longest phrase that the words
// word(0), word(1), … begin with, and its value; or 0. word returns "" after
// the last one.
func (p PhraseMap) Match(word func(i int) string) (n int, value string) {
	return p.load().match(word)
}

// phraseTable finds phrases by their first word.
type phraseTable[V any] struct {
	all   []string
	first map[string][]phrase[V]
}

type phrase[V any] struct {
	words []string
	value V
}

func (t *phraseTable[V]) add(text string, v V) {
	if t.first == nil {
		t.first = make(map[string][]phrase[V])
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return
	}
	t.all = append(t.all, text)
	t.first[words[0]] = append(t.first[words[0]], phrase[V]{words, v})
}

func (t phraseTable[V]) match(word func(i int) string) (n int, v V) {
	for _, p := range t.first[word(0)] {
		if len(p.words) > n && begins(p.words, word) {
			n, v = len(p.words), p.value
		}
	}
	return n, v
}

func begins(words []string, word func(i int) string) bool {
	for i, w := range words {
		if word(i) != w {
			return false
		}
	}
	return true
}
